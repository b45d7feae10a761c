package io.reactivestore.error;

/** A resume or a fork named a step beyond the highest recorded one (rule T6), or a fork one before the lowest. */
public final class ResumeOutOfRangeException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** The step asked for. */
    private final long fromStep;
    /** The highest recorded step, −1 if there is none. */
    private final long highestStep;

    /**
     * Names both steps.
     *
     * @param traceId the trace
     * @param fromStep the step asked for
     * @param highestStep the highest recorded step, −1 if there is none
     */
    public ResumeOutOfRangeException(String traceId, long fromStep, long highestStep) {
        this(
                traceId,
                "Trace '" + traceId + "' cannot resume from step " + fromStep + ": its highest recorded step is "
                        + highestStep + ". Resume from a step of -1 to " + highestStep + ".",
                fromStep,
                highestStep);
    }

    private ResumeOutOfRangeException(String traceId, String message, long fromStep, long highestStep) {
        super(traceId, message);
        this.fromStep = fromStep;
        this.highestStep = highestStep;
    }

    /**
     * Says that a fork would keep no step.
     *
     * @param traceId the trace
     * @param fromStep the step asked for
     * @param highestStep the highest recorded step
     * @return the error
     */
    public static ResumeOutOfRangeException nothingToFork(String traceId, long fromStep, long highestStep) {
        return new ResumeOutOfRangeException(
                traceId,
                "Trace '" + traceId + "' cannot be forked from step " + fromStep + ": it has no step at or before it. "
                        + "Fork from a recorded step; the highest is " + highestStep + ".",
                fromStep,
                highestStep);
    }

    /**
     * Gives the step asked for.
     *
     * @return its number
     */
    public long fromStep() {
        return fromStep;
    }

    /**
     * Gives the highest recorded step.
     *
     * @return its number, −1 if there is none
     */
    public long highestStep() {
        return highestStep;
    }
}
