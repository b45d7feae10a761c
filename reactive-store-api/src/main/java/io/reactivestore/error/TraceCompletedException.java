package io.reactivestore.error;

import io.reactivestore.CompletionState;

/** The trace has ended and takes nothing more (rules T4, T6, T7, T8). */
public final class TraceCompletedException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** How the trace ended. */
    private final CompletionState state;

    /**
     * Says how the trace ended.
     *
     * @param traceId the trace
     * @param state how it ended
     */
    public TraceCompletedException(String traceId, CompletionState state) {
        super(
                traceId,
                "Trace '" + traceId + "' ended with " + state + " and takes nothing more. Load it to see its result.");
        this.state = state;
    }

    /**
     * Gives the end on record.
     *
     * @return how the trace ended
     */
    public CompletionState state() {
        return state;
    }
}
