package io.reactivestore.error;

import org.jspecify.annotations.Nullable;

/** The store was closed; nothing was written. */
public final class StoreClosedException extends StoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports a call on a closed store.
     *
     * @param traceId the trace of the call, or null if it concerns none
     */
    public StoreClosedException(@Nullable String traceId) {
        super(traceId, "The store is closed. Open a new one.");
    }
}
