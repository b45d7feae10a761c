package io.reactivestore;

import io.reactivestore.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of a trace.
 *
 * <pre>{@code
 * Completion done = Completion.of(CompletionState.SUCCESS, Instant.now()).withResult(Payload.json("{}"));
 * }</pre>
 *
 * @param state how it ended
 * @param at when, cut to microseconds
 * @param result the result of the workflow, or null
 * @param failure why it failed, or null
 */
public record Completion(
        CompletionState state,
        Instant at,
        @Nullable Payload result,
        @Nullable Failure failure) {

    /**
     * Checks that state and time are there and cuts the time to microseconds.
     *
     * @param state how it ended
     * @param at when, in the years 1583 to 9999
     * @param result the result of the workflow, or null
     * @param failure why it failed, or null
     * @throws IllegalArgumentException if the time is out of range, or state or time is null
     */
    public Completion {
        Check.present("state", state);
        at = Check.instant("at", at);
    }

    /**
     * A completion without result and failure.
     *
     * @param state how the trace ended
     * @param at when
     * @return the completion
     */
    public static Completion of(CompletionState state, Instant at) {
        return new Completion(state, at, null, null);
    }

    /**
     * A copy with this result.
     *
     * @param result the result of the workflow, or null
     * @return the copy
     */
    public Completion withResult(@Nullable Payload result) {
        return new Completion(state, at, result, failure);
    }

    /**
     * A copy with this failure.
     *
     * @param failure why the trace failed, or null
     * @return the copy
     */
    public Completion withFailure(@Nullable Failure failure) {
        return new Completion(state, at, result, failure);
    }
}
