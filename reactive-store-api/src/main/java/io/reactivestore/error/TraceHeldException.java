package io.reactivestore.error;

/** A trace runs, and its holder is not known to be gone: it cannot be deleted, or told anew by others. */
public final class TraceHeldException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** Who holds it. */
    private final long holder;

    /**
     * Says who holds the trace.
     *
     * @param traceId the trace
     * @param holder the writer that runs it
     */
    public TraceHeldException(String traceId, long holder) {
        super(
                traceId,
                "Trace '" + traceId + "' is run by writer " + Long.toHexString(holder)
                        + ", which is not known to be gone. Nothing was changed. To tell it anew, resume it first, which takes it over; to delete it, end it (cancel it, or resume and complete it).");
        this.holder = holder;
    }

    /**
     * Gives who holds the trace.
     *
     * @return a writer
     */
    public long holder() {
        return holder;
    }
}
