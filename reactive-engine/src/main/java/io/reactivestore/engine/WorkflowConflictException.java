package io.reactivestore.engine;

/** The trace runs another workflow, or another version of it, than the caller named. */
public final class WorkflowConflictException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** The workflow on record. */
    private final String recorded;
    /** The workflow of the call. */
    private final String given;

    WorkflowConflictException(String traceId, String recorded, String given) {
        super(
                traceId,
                "Trace '" + traceId + "' runs workflow '" + recorded + "', the call names '" + given
                        + "'. Use another trace id, or the workflow on record.",
                null);
        this.recorded = recorded;
        this.given = given;
    }

    /**
     * Gives the workflow on record.
     *
     * @return its name and version
     */
    public String recorded() {
        return recorded;
    }

    /**
     * Gives the workflow of the call.
     *
     * @return its name and version
     */
    public String given() {
        return given;
    }
}
