package io.reactivestore.error;

/** Another writer has taken the trace over; nothing of the refused batch was written (rule T10). */
public final class ClaimLostException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** Where the journal records the take-over. */
    private final long position;

    /**
     * Says where the journal records the take-over.
     *
     * @param traceId the trace
     * @param position the position of the entry by which another writer took over
     */
    public ClaimLostException(String traceId, long position) {
        super(
                traceId,
                "Trace '" + traceId + "' was taken over by another writer at position " + position
                        + ". Stop this run; to take the trace back, resume or claim it.");
        this.position = position;
    }

    /**
     * Gives the place of the take-over.
     *
     * @return a position in the journal
     */
    public long position() {
        return position;
    }
}
