package io.reactivestore.core;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.error.FactMissingException;
import io.reactivestore.error.PayloadCorruptedException;
import io.reactivestore.facts.FactReference;
import io.reactivestore.facts.Facts;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.FactBackend.Note;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The facet FACTS: what the backend keeps, checked by its hash. Writes can be repeated, so they are while trouble is transient. */
final class HashedFacts implements Facts {

    private final FactBackend backend;
    private final StoreConfig config;
    private final Gate gate;
    private final Retry whileTransient;

    HashedFacts(FactBackend backend, StoreConfig config, Gate gate) {
        this.backend = backend;
        this.config = config;
        this.gate = gate;
        this.whileTransient = Journals.whileTransient(config);
    }

    @Override
    public Mono<Sha256> put(Payload content) {
        return put(null, content, null).thenReturn(content.hash());
    }

    @Override
    public Mono<FactReference> put(String traceId, Payload content) {
        Check.traceId(traceId);
        FactReference reference = FactReference.to(Check.present("content", content));
        return put(traceId, content, note(traceId, reference)).thenReturn(reference);
    }

    private Mono<Void> put(@Nullable String traceId, Payload content, @Nullable Note note) {
        Check.present("content", content);
        PayloadLimit.check(content, config);
        return gate.guard(
                traceId, Mono.defer(() -> backend.put(content, note, now())).retryWhen(whileTransient));
    }

    private static Note note(String traceId, FactReference reference) {
        return new Note(traceId, reference.key(), reference.toPayload().hash());
    }

    @Override
    public Mono<Void> refer(String traceId, Collection<FactReference> references) {
        Check.traceId(traceId);
        Set<FactReference> wanted = new LinkedHashSet<>(Check.present("references", references));
        List<Note> notes =
                wanted.stream().map(reference -> note(traceId, reference)).toList();
        if (notes.isEmpty()) {
            return gate.guard(traceId, Mono.empty());
        }
        return gate.guard(traceId, Mono.defer(() -> backend.note(notes, now())).retryWhen(whileTransient))
                .doOnNext(found -> {
                    Set<Sha256> kept = new HashSet<>(found);
                    for (Note note : notes) {
                        if (!kept.contains(note.fact())) {
                            throw new FactMissingException(traceId, note.fact());
                        }
                    }
                })
                .then();
    }

    @Override
    public Mono<Payload> get(Sha256 key) {
        Check.present("key", key);
        return gate.guard(null, Mono.defer(() -> backend.get(key))).doOnNext(found -> {
            if (!Sha256.of(found.toByteArray()).equals(key)) {
                throw new PayloadCorruptedException(key);
            }
        });
    }

    @Override
    public Mono<Payload> get(String traceId, FactReference reference) {
        Check.traceId(traceId);
        return get(Check.present("reference", reference).key())
                .switchIfEmpty(Mono.error(() -> new FactMissingException(traceId, reference.key())))
                .map(found -> found.mediaType().equals(reference.mediaType())
                        ? found
                        : Payload.owning(found.toByteArray(), reference.mediaType()));
    }

    @Override
    public Flux<Sha256> references(String traceId) {
        Check.traceId(traceId);
        return gate.guard(traceId, Mono.defer(() -> backend.references(traceId)))
                .flatMapIterable(keys -> keys)
                .distinct();
    }

    @Override
    public Mono<Long> sweep(Instant before, int limit) {
        Instant time = Check.instant("before", before);
        Check.atLeast("limit", limit, 1);
        Check.atMost("limit", limit, MAX_SWEEP);
        return gate.guard(null, Mono.defer(() -> backend.sweep(time, limit)));
    }

    private Instant now() {
        return Check.instant("now", config.clock().instant());
    }

    /** The facts that these events refer to. */
    static Set<FactReference> referredTo(List<JournalEvent> events) {
        Set<FactReference> references = new LinkedHashSet<>();
        for (JournalEvent event : events) {
            Payload payload = event.payload();
            FactReference reference = payload == null ? null : FactReference.of(payload);
            if (reference != null) {
                references.add(reference);
            }
        }
        return references;
    }
}
