package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded beside the input when a trace is created, if there is anything.
 *
 * @param structure the structural hash of the workflow, or null if it has none
 * @param parent the trace that started this one, or null
 * @param parentNode the step of the parent that waits for this trace, or null
 * @param context values of the caller's Reactor Context, as JSON, by key
 */
record TraceMeta(
        @Nullable String structure,
        @Nullable String parent,
        @Nullable String parentNode,
        Map<String, String> context) {

    static final String NODE = "$meta";
    static final TraceMeta NONE = new TraceMeta(null, null, null, Map.of());

    boolean isEmpty() {
        return equals(NONE);
    }

    Payload toPayload() {
        return JsonCodec.INSTANCE.encode(this, TraceMeta.class);
    }

    static TraceMeta of(PersistedTrace trace) {
        for (PersistenceEnvelope envelope : trace.envelopes()) {
            if (envelope.step() > 0) {
                break;
            }
            if (envelope.nodeId().equals(NODE) && envelope.payload() != null) {
                TraceMeta meta = (TraceMeta) JsonCodec.INSTANCE.decode(envelope.payload(), TraceMeta.class);
                return meta == null ? NONE : meta;
            }
        }
        return NONE;
    }
}
