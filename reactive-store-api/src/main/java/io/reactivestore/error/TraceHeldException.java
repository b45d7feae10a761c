package io.reactivestore.error;

/** A trace runs, and who holds it lives or was never said to: it cannot be deleted. */
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
                        + ", which is not known to be gone. Nothing was deleted; end the trace first (cancel it, or resume and complete it).");
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
