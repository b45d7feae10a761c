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
 * @param parentGeneration the generation of the parent that started this one
 * @param generation how often the trace has gone on with a state of its own
 * @param sincePosition the position behind which the generation begins
 * @param sinceIn the trace of whose journal that position is: of a fork it is another one, or null
 */
record TraceMeta(
        @Nullable String structure,
        @Nullable String parent,
        @Nullable String parentNode,
        Map<String, String> context,
        long parentGeneration,
        long generation,
        long sincePosition,
        @Nullable String sinceIn) {

    static final String NODE = "$meta";
    static final TraceMeta NONE = of(null, null, null, Map.of(), 0);

    /** That of a trace that is new. */
    static TraceMeta of(
            @Nullable String structure,
            @Nullable String parent,
            @Nullable String parentNode,
            Map<String, String> context,
            long parentGeneration) {
        return new TraceMeta(structure, parent, parentNode, context, parentGeneration, 0, 0, null);
    }

    TraceMeta withStructure(@Nullable String other) {
        return new TraceMeta(other, parent, parentNode, context, parentGeneration, generation, sincePosition, sinceIn);
    }

    /** That of the next generation, which begins behind a position. */
    TraceMeta next(String traceId, long position) {
        return new TraceMeta(
                structure, parent, parentNode, context, parentGeneration, generation + 1, position, traceId);
    }

    /** The position behind which the generation begins in the journal of the trace, 0 for the first one. */
    long since(String traceId) {
        return traceId.equals(sinceIn) ? sincePosition : 0;
    }

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
