package io.reactivestore.error;

/** The same attempt of a step is on record with another payload (rule T3). */
public final class StepConflictException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** The number of the step. */
    private final long step;
    /** Its name. */
    private final String nodeId;
    /** Which try it was, from 1. */
    private final int attempt;
    /** Where the other payload is recorded. */
    private final long position;

    /**
     * Names the step and where it is recorded.
     *
     * @param traceId the trace
     * @param step the number of the step
     * @param nodeId its name
     * @param attempt the attempt
     * @param position where the other payload is recorded
     */
    public StepConflictException(String traceId, long step, String nodeId, int attempt, long position) {
        super(
                traceId,
                "Step " + step + " '" + nodeId + "' attempt " + attempt + " of trace '" + traceId
                        + "' is recorded at position " + position
                        + " with another payload. Two writers ran it, or it is not deterministic: load the trace and use what is recorded.");
        this.step = step;
        this.nodeId = nodeId;
        this.attempt = attempt;
        this.position = position;
    }

    /**
     * Gives the step.
     *
     * @return its number
     */
    public long step() {
        return step;
    }

    /**
     * Gives the node.
     *
     * @return its name
     */
    public String nodeId() {
        return nodeId;
    }

    /**
     * Gives the attempt.
     *
     * @return the attempt, from 1
     */
    public int attempt() {
        return attempt;
    }

    /**
     * Gives the place of the recorded payload.
     *
     * @return a position in the journal
     */
    public long position() {
        return position;
    }
}
