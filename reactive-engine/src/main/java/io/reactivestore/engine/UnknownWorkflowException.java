package io.reactivestore.engine;

import java.util.List;

/** A trace to resume runs a workflow that this engine does not know. */
public final class UnknownWorkflowException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** The workflow on record. */
    private final String workflow;
    /** Its version on record. */
    private final String version;

    UnknownWorkflowException(String traceId, String workflow, String version, List<String> registered) {
        super(
                traceId,
                "Trace '" + traceId + "' runs workflow '" + workflow + ":" + version + "', registered are " + registered
                        + ". Register that version, or resume the trace where it is registered.",
                null);
        this.workflow = workflow;
        this.version = version;
    }

    /**
     * Gives the workflow on record.
     *
     * @return its name
     */
    public String workflow() {
        return workflow;
    }

    /**
     * Gives the version on record.
     *
     * @return the version of the workflow
     */
    public String version() {
        return version;
    }
}
