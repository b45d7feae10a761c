package io.reactivestore;

/**
 * Where a trace stands, as lists show it.
 *
 * <pre>{@code
 * Flux<String> unfinished = store.require(Capability.CATALOG).recent(100)
 *         .filter(head -> head.status() == TraceStatus.RUNNING)
 *         .map(TraceHead::traceId);
 * }</pre>
 */
public enum TraceStatus {
    /** Not ended, and held by a writer. */
    RUNNING,
    /** Not ended, and in no engine's memory: a time, a decision or another trace is waited for. */
    WAITING,
    /** Ended: {@link CompletionState#SUCCESS}. */
    SUCCESS,
    /** Ended: {@link CompletionState#FAULT}. */
    FAULT,
    /** Ended: {@link CompletionState#CANCELLED}. */
    CANCELLED,
    /** Ended: {@link CompletionState#COMPENSATED}. */
    COMPENSATED,
    /** Ended: {@link CompletionState#TIMED_OUT}. */
    TIMED_OUT;

    /**
     * The status of a trace that ended like this.
     *
     * @param state how it ended
     * @return the status of the same name
     */
    public static TraceStatus of(CompletionState state) {
        return valueOf(state.name());
    }
}
