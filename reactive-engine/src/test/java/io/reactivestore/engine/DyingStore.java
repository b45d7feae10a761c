package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.Intervention;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ResumeCursor;
import io.reactivestore.error.StoreUnavailableException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A store whose process dies at its k-th call: before the call reaches the database, or after it, unheard. No call works then. */
final class DyingStore implements PersistenceStore {

    enum Moment {
        BEFORE,
        AFTER
    }

    private final PersistenceStore store;
    private final int lastCall;
    private final Moment moment;
    private final AtomicInteger calls = new AtomicInteger();

    DyingStore(PersistenceStore store, int lastCall, Moment moment) {
        this.store = store;
        this.lastCall = lastCall;
        this.moment = moment;
    }

    static DyingStore never(PersistenceStore store) {
        return new DyingStore(store, Integer.MAX_VALUE, Moment.BEFORE);
    }

    int calls() {
        return calls.get();
    }

    @Override
    public Mono<Long> append(PersistenceEnvelope envelope) {
        return call(store.append(envelope));
    }

    @Override
    public Mono<PersistedTrace> load(String traceId) {
        return call(store.load(traceId));
    }

    @Override
    public Mono<ResumeCursor> resume(String traceId, long fromStep) {
        return call(store.resume(traceId, fromStep));
    }

    @Override
    public Mono<Void> complete(String traceId, Completion completion) {
        return call(store.complete(traceId, completion));
    }

    @Override
    public Mono<Void> saveIntervention(String traceId, Intervention intervention) {
        return call(store.saveIntervention(traceId, intervention));
    }

    private <T> Mono<T> call(Mono<T> reached) {
        Mono<T> dead = Mono.error(() -> new StoreUnavailableException(null, "the process is dead", null));
        return Mono.defer(() -> {
            int call = calls.incrementAndGet();
            if (call < lastCall) {
                return reached;
            }
            return call == lastCall && moment == Moment.AFTER ? reached.then(dead) : dead;
        });
    }
}
