package io.reactivestore.error;

/** More callers or bytes wait for the database than the store may hold; nothing was written. */
public final class StoreOverloadedException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** How many callers waited at the refusal. */
    private final int waitingCallers;
    /** How many bytes they held. */
    private final long waitingBytes;

    /**
     * Shows the state that led to the refusal.
     *
     * @param traceId the trace of the refused call
     * @param waitingCallers how many callers wait
     * @param waitingBytes how many bytes they hold
     */
    public StoreOverloadedException(String traceId, int waitingCallers, long waitingBytes) {
        super(
                traceId,
                "The store is full: " + waitingCallers + " callers with " + waitingBytes
                        + " bytes wait for the database. Limit the callers (flatMap concurrency), or try again later.");
        this.waitingCallers = waitingCallers;
        this.waitingBytes = waitingBytes;
    }

    /**
     * Gives the number of waiting callers at the refusal.
     *
     * @return callers
     */
    public int waitingCallers() {
        return waitingCallers;
    }

    /**
     * Gives the bytes of the waiting callers at the refusal.
     *
     * @return bytes
     */
    public long waitingBytes() {
        return waitingBytes;
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
