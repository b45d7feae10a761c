package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.Intervention;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ResumeCursor;
import reactor.core.publisher.Mono;

/** The traces as an engine sees them: decisions go by way of {@link Payloads}, and what is loaded comes back by it. */
record PayloadTraces(PersistenceStore traces, Payloads payloads) implements PersistenceStore {

    @Override
    public Mono<Long> append(PersistenceEnvelope envelope) {
        return traces.append(envelope);
    }

    @Override
    public Mono<PersistedTrace> load(String traceId) {
        return traces.load(traceId).flatMap(payloads::opened);
    }

    @Override
    public Mono<ResumeCursor> resume(String traceId, long fromStep) {
        return traces.resume(traceId, fromStep);
    }

    @Override
    public Mono<Void> complete(String traceId, Completion completion) {
        return traces.complete(traceId, completion);
    }

    @Override
    public Mono<Void> saveIntervention(String traceId, Intervention intervention) {
        Payload payload = intervention.payloadOverride();
        return payload == null || payloads.writesPlain()
                ? traces.saveIntervention(traceId, intervention)
                : Mono.defer(() -> payloads.stored(traceId, payload))
                        .flatMap(stored -> traces.saveIntervention(traceId, intervention.withPayload(stored)));
    }
}
