package io.reactivestore.error;

/** The bytes read are not the bytes written: their digest differs from the recorded one (rule T12). */
public final class PayloadCorruptedException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** Where the damaged entry stands. */
    private final long position;

    /**
     * Says which entry is damaged.
     *
     * @param traceId the trace
     * @param position the position of the damaged entry
     */
    public PayloadCorruptedException(String traceId, long position) {
        super(
                traceId,
                "The payload at position " + position + " of trace '" + traceId
                        + "' does not match its recorded SHA-256. The row was changed outside the store: restore it from a backup.");
        this.position = position;
    }

    /**
     * Gives the place of the damage.
     *
     * @return a position in the journal
     */
    public long position() {
        return position;
    }
}
