package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a workflow whose graph is known before it runs, as it is recorded when a trace starts: the hash to compare with, the
 * graph itself to be shown. The graph is an entry of its own: it is the same for all traces of a workflow, so where large payloads are
 * facts it is kept once; and it is read only if somebody asks for it.
 *
 * @param hash the structural hash
 * @param graph the {@link PipelineGraph} as JSON
 */
record Shape(String hash, Payload graph) {

    /** The node of step 0 that holds the graph. */
    static final String NODE = "$graph";

    static Shape of(PipelineGraph graph) {
        return new Shape(graph.hash(), JsonCodec.INSTANCE.encode(graph, PipelineGraph.class));
    }

    static @Nullable PipelineGraph read(Payload graph) {
        return (PipelineGraph) JsonCodec.INSTANCE.decode(graph, PipelineGraph.class);
    }

    static boolean isGraph(PersistenceEnvelope envelope) {
        return envelope.step() == 0 && envelope.nodeId().equals(NODE);
    }

    /** The graph of a trace as it is on record, or null if it was started without one. */
    static @Nullable Payload recorded(PersistedTrace trace) {
        for (PersistenceEnvelope envelope : trace.envelopes()) {
            if (isGraph(envelope)) {
                return envelope.payload();
            }
        }
        return null;
    }
}
