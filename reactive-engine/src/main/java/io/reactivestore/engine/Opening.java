package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import java.time.Instant;

/**
 * A trace as a run begins with it.
 *
 * @param workflow the code it runs
 * @param input the recorded input
 * @param startedAt when it was created
 * @param meta what else was recorded when it was created
 * @param trace what was on record; with a completion if it has ended
 * @param isNew whether nothing but the start is on record
 */
record Opening(
        Workflow<?, ?> workflow,
        Payload input,
        Instant startedAt,
        TraceMeta meta,
        PersistedTrace trace,
        boolean isNew) {

    static Opening of(Workflow<?, ?> workflow, PersistedTrace trace, boolean isNew) {
        PersistenceEnvelope start = start(trace);
        Payload input = start.payload();
        if (input == null) {
            throw new ForeignTraceException(trace.head().traceId());
        }
        return new Opening(workflow, input, start.at(), TraceMeta.of(trace), trace, isNew);
    }

    private static PersistenceEnvelope start(PersistedTrace trace) {
        for (PersistenceEnvelope envelope : trace.envelopes()) {
            if (History.isStart(envelope)) {
                return envelope;
            }
        }
        throw new ForeignTraceException(trace.head().traceId());
    }

    /**
     * Refuses a caller who means another run by the same id.
     *
     * @throws WorkflowConflictException if the workflow or its version is another
     */
    Opening checkWorkflow(Workflow<?, ?> given) {
        if (!workflow.name().equals(given.name()) || !workflow.version().equals(given.version())) {
            throw new WorkflowConflictException(trace.head().traceId(), workflow.toString(), given.toString());
        }
        return this;
    }

    /**
     * Refuses a caller who means another run by the same id.
     *
     * @throws InputConflictException if the input is another
     */
    Opening checkInput(Payload given) {
        if (!input.hash().equals(given.hash())) {
            throw new InputConflictException(trace.head().traceId(), input.hash(), given.hash());
        }
        return this;
    }
}
