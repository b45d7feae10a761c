package io.reactivestore;

/**
 * How a trace ended.
 *
 * <pre>{@code
 * Mono<Void> undone = store.traces().complete("order-42", CompletionState.COMPENSATED);
 * }</pre>
 */
public enum CompletionState {
    /** The workflow came to its end. */
    SUCCESS,
    /** The workflow failed. The only state that may be followed by another: {@link #COMPENSATED}. */
    FAULT,
    /** Somebody cancelled the trace. */
    CANCELLED,
    /** The trace failed or was cancelled, and everything it did was undone. */
    COMPENSATED,
    /** The trace missed its deadline. */
    TIMED_OUT;

    /**
     * Tells whether a trace that ended in this state may still move to another one.
     *
     * @param next the other state
     * @return true only from FAULT to COMPENSATED
     */
    public boolean mayBecome(CompletionState next) {
        return this == FAULT && next == COMPENSATED;
    }
}
