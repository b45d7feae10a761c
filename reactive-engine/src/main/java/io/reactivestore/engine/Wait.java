package io.reactivestore.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a trace waits for.
 *
 * <pre>{@code
 * Flux<String> toDecide = engine.waits("employee-7")
 *         .filter(wait -> wait.kind() == Wait.Kind.DECISION)
 *         .map(wait -> wait.node() + " wants a " + wait.type());
 * }</pre>
 *
 * @param node the key of the step that waits: the target of an intervention
 * @param kind what it waits for
 * @param type the Java type of the decision, or null if it is not a decision
 * @param since when the wait began
 * @param until when it ends by itself, or null
 */
public record Wait(
        String node,
        Kind kind,
        @Nullable String type,
        Instant since,
        @Nullable Instant until) {

    /** What is waited for. */
    public enum Kind {
        /** Somebody has to decide. */
        DECISION,
        /** A time has to come. */
        TIME,
        /** Another trace has to end. */
        TRACE,
        /** The next attempt of a step that failed is due later. */
        RETRY,
        /** A step that runs at most once was begun and has no end on record: somebody has to decide. */
        IN_DOUBT
    }
}
