package io.reactivestore.error;

import org.jspecify.annotations.Nullable;

/**
 * The backend could not be reached, did not answer in time, or gave the call up in favour of another. The one error after which
 * a write may stand in the store: an answer lost on the way cannot be told from a write lost on the way. Calling again is safe,
 * since an entry that is there already is absorbed.
 */
public final class StoreUnavailableException extends StoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports trouble that may pass.
     *
     * @param traceId the trace, or null if the error concerns none
     * @param message what happened
     * @param cause what the backend said
     */
    public StoreUnavailableException(@Nullable String traceId, String message, @Nullable Throwable cause) {
        super(traceId, message, cause);
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
