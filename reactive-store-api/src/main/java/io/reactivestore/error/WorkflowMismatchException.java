package io.reactivestore.error;

/** An append named another workflow than the one its trace runs (rule T2). */
public final class WorkflowMismatchException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** The workflow the trace runs. */
    private final String recorded;
    /** The workflow of the refused entry. */
    private final String given;

    /**
     * Names both workflows.
     *
     * @param traceId the trace
     * @param recorded the workflow the trace runs
     * @param given the workflow of the refused entry
     */
    public WorkflowMismatchException(String traceId, String recorded, String given) {
        super(
                traceId,
                "Trace '" + traceId + "' runs workflow '" + recorded + "', the entry names '" + given
                        + "'. Use another trace id for another workflow.");
        this.recorded = recorded;
        this.given = given;
    }

    /**
     * Gives the workflow on record.
     *
     * @return the workflow the trace runs
     */
    public String recorded() {
        return recorded;
    }

    /**
     * Gives the workflow refused.
     *
     * @return the workflow of the refused entry
     */
    public String given() {
        return given;
    }
}
