package io.reactivestore.error;

/** An append expected the journal to end elsewhere than it does. */
public final class PositionConflictException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** Where the caller expected the journal to end. */
    private final long expected;
    /** Where it ends. */
    private final long actual;

    /**
     * Names both positions.
     *
     * @param traceId the trace
     * @param expected the position the caller expected the journal to end at
     * @param actual the position it ends at
     */
    public PositionConflictException(String traceId, long expected, long actual) {
        super(
                traceId,
                "The journal of trace '" + traceId + "' ends at position " + actual + ", expected " + expected
                        + ". Read what is new, decide again, append behind it.");
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * Gives the position expected.
     *
     * @return what the caller expected
     */
    public long expected() {
        return expected;
    }

    /**
     * Gives the position found.
     *
     * @return where the journal ends
     */
    public long actual() {
        return actual;
    }
}
