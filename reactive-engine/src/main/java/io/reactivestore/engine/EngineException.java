package io.reactivestore.engine;

import org.jspecify.annotations.Nullable;

/**
 * The root of every error that the engine itself signals; trouble of the store is a
 * {@link io.reactivestore.error.StoreException}. The message says what happened, to which trace, and what to do next; it never
 * holds payload content.
 */
public abstract class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The trace, or null. */
    private final @Nullable String traceId;

    EngineException(@Nullable String traceId, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.traceId = traceId;
    }

    /**
     * Gives the trace.
     *
     * @return the trace the error concerns, or null if it is not known
     */
    public final @Nullable String traceId() {
        return traceId;
    }
}
