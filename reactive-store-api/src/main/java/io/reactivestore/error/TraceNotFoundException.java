package io.reactivestore.error;

/** A command named a trace that the store does not have (rule C4). */
public final class TraceNotFoundException extends StoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Says that the trace is unknown.
     *
     * @param traceId the trace asked for
     */
    public TraceNotFoundException(String traceId) {
        super(
                traceId,
                "Trace '" + traceId + "' is not in this store. Check the id; a trace exists from its first append on.");
    }
}
