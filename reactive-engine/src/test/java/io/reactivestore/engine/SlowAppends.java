package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.Intervention;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ResumeCursor;
import reactor.core.publisher.Mono;

/** A store whose appends of steps are written only when the test says so. */
record SlowAppends(PersistenceStore store, Mono<Long> when) implements PersistenceStore {

    @Override
    public Mono<Long> append(PersistenceEnvelope envelope) {
        return envelope.step() == 0 ? store.append(envelope) : when.then(store.append(envelope));
    }

    @Override
    public Mono<PersistedTrace> load(String traceId) {
        return store.load(traceId);
    }

    @Override
    public Mono<ResumeCursor> resume(String traceId, long fromStep) {
        return store.resume(traceId, fromStep);
    }

    @Override
    public Mono<Void> complete(String traceId, Completion completion) {
        return store.complete(traceId, completion);
    }

    @Override
    public Mono<Void> saveIntervention(String traceId, Intervention intervention) {
        return store.saveIntervention(traceId, intervention);
    }
}
