package io.reactivestore.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of every error that a store signals. The message says what happened, to which trace, what was found and what to do
 * next; it never holds payload content.
 */
public abstract class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The trace, or null. */
    private final @Nullable String traceId;

    /**
     * For errors found by the store's own rules.
     *
     * @param traceId the trace, or null if the error concerns none
     * @param message what, which, why, what next
     */
    protected StoreException(@Nullable String traceId, String message) {
        super(message);
        this.traceId = traceId;
    }

    /**
     * For errors that the backend reported.
     *
     * @param traceId the trace, or null if the error concerns none
     * @param message what, which, why, what next
     * @param cause what the backend said
     */
    protected StoreException(@Nullable String traceId, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.traceId = traceId;
    }

    /**
     * Gives the trace.
     *
     * @return the trace the error concerns, or null if it concerns none
     */
    public final @Nullable String traceId() {
        return traceId;
    }

    /**
     * Answers the one question a caller has: can the same call succeed later without a change?
     *
     * @return true if it is worth trying again
     */
    public boolean isTransient() {
        return false;
    }
}
