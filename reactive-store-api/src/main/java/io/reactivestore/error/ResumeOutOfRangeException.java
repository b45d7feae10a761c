package io.reactivestore.error;

/** A resume named a step beyond the highest recorded one (rule T6). */
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
        super(
                traceId,
                "Trace '" + traceId + "' cannot resume from step " + fromStep + ": its highest recorded step is "
                        + highestStep + ". Resume from a step of -1 to " + highestStep + ".");
        this.fromStep = fromStep;
        this.highestStep = highestStep;
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
