package io.reactivestore.engine;

import org.jspecify.annotations.Nullable;

/**
 * The workflow has another shape than it had when the trace started, and its {@link ChangePolicy} is not to go on then. The trace
 * is as it was.
 */
public final class WorkflowChangedException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** The structural hash on record. */
    private final @Nullable String recorded;
    /** The structural hash of the code. */
    private final @Nullable String current;

    WorkflowChangedException(
            String traceId, Workflow<?, ?> workflow, @Nullable String recorded, @Nullable String current) {
        super(
                traceId,
                "Trace '" + traceId + "' was started with another shape of workflow '" + workflow + "': "
                        + name(recorded) + " is on record, the code has " + name(current)
                        + ". Register that shape under its version and this one under a new version, or a Migration.",
                null);
        this.recorded = recorded;
        this.current = current;
    }

    private static String name(@Nullable String structure) {
        return structure == null ? "no structure" : "structure " + structure;
    }

    /**
     * Gives the shape on record.
     *
     * @return the structural hash with which the trace was started, or null if it had none
     */
    public @Nullable String recorded() {
        return recorded;
    }

    /**
     * Gives the shape of the code.
     *
     * @return the structural hash of the workflow at hand, or null if it has none
     */
    public @Nullable String current() {
        return current;
    }
}
