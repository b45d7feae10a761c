package io.reactivestore.engine;

import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import org.jspecify.annotations.Nullable;

/** The workflow did not succeed, and that is on record: the trace has ended. The cause is there only in the run itself. */
public final class WorkflowFailedException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** How the trace ended. */
    private final CompletionState state;

    private final transient @Nullable Failure failure;

    WorkflowFailedException(
            String traceId, CompletionState state, @Nullable Failure failure, @Nullable Throwable cause) {
        super(traceId, "Trace '" + traceId + "' ended with " + state + describe(failure), cause);
        this.state = state;
        this.failure = failure;
    }

    private static String describe(@Nullable Failure failure) {
        return failure == null
                ? "."
                : ": " + failure.type() + (failure.message() == null ? "" : ": " + failure.message());
    }

    /**
     * Gives the end on record.
     *
     * @return how the trace ended
     */
    public CompletionState state() {
        return state;
    }

    /**
     * Gives the failure on record.
     *
     * @return what went wrong, or null if nothing was recorded
     */
    public @Nullable Failure failure() {
        return failure;
    }
}
