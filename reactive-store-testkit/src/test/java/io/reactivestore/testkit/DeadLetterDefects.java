package io.reactivestore.testkit;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.JournalBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bugs of the facet DEAD_LETTERS. */
final class DeadLetterDefects {

    static final List<Defect> ALL = List.of(
            OutgoingDefects.instead("D1", "letters get lost on their way", sent -> List.of()),
            Defect.inBackend("D2", "a letter is written whether its entries are or not", WritesLettersAnyhow::new),
            Defect.inLetters("D3", "the first letter of a trace stays", KeepsTheFirst::new),
            Defect.inLetters("D4", "a move forgets why", ForgetsWhy::new),
            Defect.inLetters("D5", "whoever comes last moves the letter", MovesBlindly::new),
            Defect.inLetters("D6", "the next page begins with the last letter of the page before", RepeatsAtPages::new),
            Defect.inLetters("D7", "what is replaying is not counted", CountsSome::new),
            OutgoingDefects.instead("D8", "what is over stays pending", DeadLetterDefects::withoutSettling));

    private DeadLetterDefects() {}

    private static List<Outgoing> withoutSettling(List<Outgoing> sent) {
        return sent.stream().filter(each -> !(each instanceof Outgoing.Settled)).toList();
    }

    private static class Letters implements DeadLetterBackend {
        final DeadLetterBackend inner;

        Letters(DeadLetterBackend inner) {
            this.inner = inner;
        }

        @Override
        public Mono<DeadLetter> find(String id) {
            return inner.find(id);
        }

        @Override
        public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
            return inner.list(query);
        }

        @Override
        public Mono<Map<DeadLetterState, Long>> counts() {
            return inner.counts();
        }

        @Override
        public Mono<Boolean> replace(DeadLetter next) {
            return inner.replace(next);
        }
    }

    private static final class WritesLettersAnyhow extends OutgoingDefects.WritesAnyhow {
        WritesLettersAnyhow(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Optional<DeadLetterBackend> deadLetters() {
            return inner.deadLetters().map(letters -> new Letters(letters) {
                @Override
                public Mono<DeadLetter> find(String id) {
                    return Flux.fromIterable(written())
                            .ofType(Outgoing.ToDeadLetters.class)
                            .map(Outgoing.ToDeadLetters::letter)
                            .filter(letter -> letter.id().equals(id))
                            .next();
                }
            });
        }
    }

    private static final class KeepsTheFirst extends Letters {
        private static final Map<DeadLetterBackend, Map<String, DeadLetter>> FIRST = new ConcurrentHashMap<>();

        KeepsTheFirst(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
            return inner.list(query)
                    .map(letters -> letters.stream().map(this::first).toList());
        }

        @Override
        public Mono<DeadLetter> find(String id) {
            return inner.find(id).map(this::first);
        }

        private DeadLetter first(DeadLetter letter) {
            return FIRST.computeIfAbsent(inner, backend -> new ConcurrentHashMap<>())
                    .merge(letter.id(), letter, (before, now) -> before.cause() == now.cause() ? now : before);
        }
    }

    private static final class ForgetsWhy extends Letters {
        ForgetsWhy(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> replace(DeadLetter next) {
            return inner.replace(next.withRevision(next.revision() - 1).moved(next.state(), next.stateAt(), null));
        }
    }

    private static final class MovesBlindly extends Letters {
        MovesBlindly(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> replace(DeadLetter next) {
            // as wide as a commit takes elsewhere
            return Mono.delay(Duration.ofMillis(5))
                    .then(inner.find(next.id()))
                    .flatMap(now -> inner.replace(next.withRevision(now.revision() + 1)));
        }
    }

    private static final class RepeatsAtPages extends Letters {
        RepeatsAtPages(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
            DeadLetter after = query.after();
            return after == null
                    ? inner.list(query)
                    : inner.list(query.after(DeadLetter.pending(
                            after.id() + "~",
                            after.traceId(),
                            after.workflow(),
                            after.version(),
                            after.cause(),
                            after.createdAt())));
        }
    }

    private static final class CountsSome extends Letters {
        CountsSome(DeadLetterBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Map<DeadLetterState, Long>> counts() {
            return inner.counts().doOnNext(counts -> counts.remove(DeadLetterState.REPLAYING));
        }
    }
}
