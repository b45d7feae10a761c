package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;

/**
 * A trace as a run finds it.
 *
 * @param workflow the workflow it runs
 * @param input its input, as recorded
 * @param trace its fold; of one that has ended, the end
 * @param resumptions how often it was resumed, by this run included: another count later means another engine took it over
 */
record Opening(Workflow<?, ?> workflow, Payload input, PersistedTrace trace, int resumptions) {

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
