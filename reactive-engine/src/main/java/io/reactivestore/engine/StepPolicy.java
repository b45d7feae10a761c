package io.reactivestore.engine;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a step's function is dealt with: attempts, time limit, and what follows when no attempt is left. Steps may name one, a
 * workflow has one by pattern or predicate, and one for all others. Immutable.
 *
 * <pre>{@code
 * StepPolicy remote = StepPolicy.defaults()
 *         .withRetry(RetryPolicy.exponential(5, Duration.ofMillis(200)))
 *         .withTimeout(Duration.ofSeconds(10));
 * }</pre>
 *
 * @param retry how often it is tried
 * @param timeout how long one attempt may take, or null for no limit
 * @param onFailure what follows when no attempt is left
 */
public record StepPolicy(RetryPolicy retry, @Nullable Duration timeout, OnFailure onFailure) {

    private static final StepPolicy DEFAULTS = new StepPolicy(RetryPolicy.none(), null, OnFailure.SIGNAL);

    /**
     * Checks the parts.
     *
     * @param retry how often it is tried
     * @param timeout more than zero, or null
     * @param onFailure what follows when no attempt is left
     * @throws IllegalArgumentException if the timeout is not more than zero
     */
    public StepPolicy {
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(onFailure, "onFailure");
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("timeout must be more than zero, found " + timeout);
        }
    }

    /**
     * One attempt without limit, whose failure is signalled.
     *
     * @return the policy
     */
    public static StepPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * A copy with these attempts.
     *
     * @param retry how often it is tried
     * @return the copy
     */
    public StepPolicy withRetry(RetryPolicy retry) {
        return new StepPolicy(retry, timeout, onFailure);
    }

    /**
     * A copy with this limit.
     *
     * @param timeout how long one attempt may take, more than zero, or null for no limit
     * @return the copy
     * @throws IllegalArgumentException if it is not more than zero
     */
    public StepPolicy withTimeout(@Nullable Duration timeout) {
        return new StepPolicy(retry, timeout, onFailure);
    }

    /**
     * A copy with this end.
     *
     * @param onFailure what follows when no attempt is left
     * @return the copy
     */
    public StepPolicy withOnFailure(OnFailure onFailure) {
        return new StepPolicy(retry, timeout, onFailure);
    }
}
