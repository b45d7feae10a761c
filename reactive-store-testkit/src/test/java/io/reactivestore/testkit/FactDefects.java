package io.reactivestore.testkit;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.error.FactMissingException;
import io.reactivestore.spi.FactBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bugs of the facet FACTS. */
final class FactDefects {

    static final List<Defect> ALL = List.of(
            Defect.inFacts("F1", "a NUL at the end is lost", LosesTheEnd::new),
            Defect.inFacts("F2", "the second media type wins", SecondWins::new),
            Defect.inFacts("F3", "what is not kept is an empty fact", NeverEmpty::new),
            Defect.inFacts("F4", "damage is repaired by giving nothing", HidesDamage::new),
            Defect.inFacts("F5", "a sweep asks nobody for the time", SweepsAll::new),
            Defect.inFacts("F5", "putting again is not putting", PutsOnce::new),
            Defect.inFacts("F6", "nobody takes note of who refers", NotesNothing::new),
            Defect.inFacts("F7", "a fact that is there is good enough for a copy", OnlyLooks::new),
            Defect.inFacts("F8", "a put looks first and writes later", LooksFirst::new),
            Defect.inFacts("F8", "whoever refers looks first and takes note later", NotesLater::new),
            Defect.inFacts("F9", "what was swept is not put again", Remembers::new));

    private FactDefects() {}

    private static final class LosesTheEnd extends Decorated.Facts {
        LosesTheEnd(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Payload> get(Sha256 key) {
            return inner.get(key).map(fact -> {
                byte[] bytes = fact.toByteArray();
                int end = bytes.length;
                while (end > 0 && bytes[end - 1] == 0) {
                    end--;
                }
                return Payload.restored(Arrays.copyOf(bytes, end), fact.mediaType(), key);
            });
        }
    }

    private static final class SecondWins extends Decorated.Facts {
        private final Map<Sha256, String> types = new ConcurrentHashMap<>();

        SecondWins(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
            return inner.put(content, note, now).doFirst(() -> types.put(content.hash(), content.mediaType()));
        }

        @Override
        public Mono<Payload> get(Sha256 key) {
            return inner.get(key)
                    .map(fact -> Payload.restored(fact.toByteArray(), types.getOrDefault(key, fact.mediaType()), key));
        }
    }

    private static final class NeverEmpty extends Decorated.Facts {
        NeverEmpty(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Payload> get(Sha256 key) {
            return inner.get(key).defaultIfEmpty(Payload.restored(new byte[0], Payload.JSON, key));
        }
    }

    private static final class HidesDamage extends Decorated.Facts {
        HidesDamage(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Payload> get(Sha256 key) {
            return inner.get(key).filter(Payload::isIntact);
        }
    }

    private static final class SweepsAll extends Decorated.Facts {
        SweepsAll(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Long> sweep(Instant before, int limit) {
            return inner.sweep(Instant.now().plus(Duration.ofDays(365)), limit);
        }
    }

    private static final class PutsOnce extends Decorated.Facts {
        PutsOnce(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
            return inner.get(content.hash())
                    .hasElement()
                    .flatMap(there -> there ? Mono.empty() : inner.put(content, note, now));
        }
    }

    private static final class NotesNothing extends Decorated.Facts {
        NotesNothing(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
            return inner.put(content, null, now);
        }
    }

    private static final class OnlyLooks extends Decorated.Facts {
        OnlyLooks(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<Sha256>> note(Collection<Note> notes, Instant now) {
            return Flux.fromIterable(notes)
                    .concatMap(note -> inner.get(note.fact()).thenReturn(note.fact()))
                    .collectList();
        }
    }

    private static final class LooksFirst extends Decorated.Facts {
        LooksFirst(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
            return inner.get(content.hash())
                    .hasElement()
                    .delayElement(Duration.ofMillis(2)) // as a round trip takes
                    .flatMap(there -> there && note != null
                            ? inner.note(List.of(note), now).then()
                            : inner.put(content, note, now));
        }
    }

    private static final class NotesLater extends Decorated.Facts {
        NotesLater(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<Sha256>> note(Collection<Note> notes, Instant now) {
            return Flux.fromIterable(notes)
                    .concatMap(note -> inner.get(note.fact()).map(Payload::hash))
                    .collectList()
                    .delayElement(Duration.ofMillis(2)) // as a round trip takes
                    .flatMap(found -> inner.note(notes, now)
                            .onErrorComplete(FactMissingException.class)
                            .thenReturn(found));
        }
    }

    private static final class Remembers extends Decorated.Facts {
        private final Set<Sha256> known = ConcurrentHashMap.newKeySet();

        Remembers(FactBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
            return Mono.defer(() -> known.add(content.hash()) ? inner.put(content, note, now) : Mono.empty());
        }
    }
}
