package io.reactivestore.error;

import org.jspecify.annotations.Nullable;

/** The backend refused the call and would refuse it again: wrong credentials, a missing right, a missing or foreign schema, a value it cannot hold. */
public final class StoreFailedException extends StoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports trouble that stays until somebody mends it.
     *
     * @param traceId the trace, or null if the error concerns none
     * @param message what happened and what to do
     * @param cause what the backend said
     */
    public StoreFailedException(@Nullable String traceId, String message, @Nullable Throwable cause) {
        super(traceId, message, cause);
    }
}
