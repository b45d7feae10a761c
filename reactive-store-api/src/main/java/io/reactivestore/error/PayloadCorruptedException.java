package io.reactivestore.error;

import io.reactivestore.Sha256;

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
     * Says which fact is damaged.
     *
     * @param key the key of the fact
     */
    public PayloadCorruptedException(Sha256 key) {
        super(
                null,
                "The bytes kept as fact " + key
                        + " do not match that SHA-256. The row was changed outside the store: restore it from a backup.");
        this.position = 0;
    }

    /**
     * Gives the place of the damage.
     *
     * @return a position in the journal, 0 if it is a fact that is damaged
     */
    public long position() {
        return position;
    }
}
