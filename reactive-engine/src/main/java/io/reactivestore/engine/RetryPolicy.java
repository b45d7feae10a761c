package io.reactivestore.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * How often a step that failed is tried again, and after which delay. Each failed attempt is recorded together with the time of
 * the next one, so that a restart neither forgets nor repeats an attempt; a long delay is spent outside memory. Immutable.
 *
 * <p>The n-th delay is {@code firstDelay * factor^(n-1)}, at most {@code maxDelay}, less up to {@code jitter} of itself.
 *
 * <pre>{@code
 * RetryPolicy patient = RetryPolicy.exponential(8, Duration.ofMillis(200))
 *         .maxDelay(Duration.ofMinutes(5))
 *         .jitter(0.5)
 *         .on(error -> !(error instanceof CardDeclined));
 * }</pre>
 */
public final class RetryPolicy {

    /** Beyond this, delays no longer fit any calendar. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO, 1, LONGEST, 0, error -> true);

    private final int maxAttempts;
    private final Duration firstDelay;
    private final double factor;
    private final Duration maxDelay;
    private final double jitter;
    private final Predicate<? super Throwable> retryable;

    private RetryPolicy(
            int maxAttempts,
            Duration firstDelay,
            double factor,
            Duration maxDelay,
            double jitter,
            Predicate<? super Throwable> retryable) {
        this.maxAttempts = maxAttempts;
        this.firstDelay = firstDelay;
        this.factor = factor;
        this.maxDelay = maxDelay;
        this.jitter = jitter;
        this.retryable = retryable;
    }

    /**
     * One attempt.
     *
     * @return the policy of a step that names none
     */
    public static RetryPolicy none() {
        return NONE;
    }

    /**
     * The same delay each time.
     *
     * @param maxAttempts how many attempts in all, at least 1
     * @param delay from the end of one attempt to the beginning of the next; not negative
     * @return the policy
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static RetryPolicy fixed(int maxAttempts, Duration delay) {
        return of(maxAttempts, delay, 1);
    }

    /**
     * A delay that doubles each time, up to a year.
     *
     * @param maxAttempts how many attempts in all, at least 1
     * @param firstDelay behind the first attempt; not negative
     * @return the policy
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static RetryPolicy exponential(int maxAttempts, Duration firstDelay) {
        return of(maxAttempts, firstDelay, 2);
    }

    private static RetryPolicy of(int maxAttempts, Duration firstDelay, double factor) {
        require(maxAttempts >= 1, "maxAttempts must be at least 1, found " + maxAttempts);
        require(
                !firstDelay.isNegative() && firstDelay.compareTo(LONGEST) <= 0,
                "a delay must lie between 0 and a year, found " + firstDelay);
        return new RetryPolicy(maxAttempts, firstDelay, factor, LONGEST, 0, error -> true);
    }

    /**
     * Bounds the delay.
     *
     * @param maxDelay the longest delay; more than zero, at most a year
     * @return a copy with it
     * @throws IllegalArgumentException if it is out of range
     */
    public RetryPolicy maxDelay(Duration maxDelay) {
        require(
                !maxDelay.isNegative() && !maxDelay.isZero() && maxDelay.compareTo(LONGEST) <= 0,
                "maxDelay must be more than zero and at most a year, found " + maxDelay);
        return new RetryPolicy(maxAttempts, firstDelay, factor, maxDelay, jitter, retryable);
    }

    /**
     * Spreads attempts, so that what failed together does not come back together.
     *
     * @param jitter how much of each delay may be cut off, 0 to 1
     * @return a copy with it
     * @throws IllegalArgumentException if it is out of range
     */
    public RetryPolicy jitter(double jitter) {
        require(jitter >= 0 && jitter <= 1, "jitter must lie between 0 and 1, found " + jitter);
        return new RetryPolicy(maxAttempts, firstDelay, factor, maxDelay, jitter, retryable);
    }

    /**
     * Limits what is tried again. A result that counts as a failure comes as an {@link ErrorValueException}, a time limit as a
     * {@link java.util.concurrent.TimeoutException}.
     *
     * @param retryable tells whether another attempt makes sense after this error; what it throws stops the run
     * @return a copy with it
     */
    public RetryPolicy on(Predicate<? super Throwable> retryable) {
        return new RetryPolicy(
                maxAttempts, firstDelay, factor, maxDelay, jitter, Objects.requireNonNull(retryable, "retryable"));
    }

    /**
     * Tells whether another attempt follows.
     *
     * @param failures how many attempts have failed, from 1
     * @param error what the last one came to
     * @return whether there is another one
     */
    public boolean allows(int failures, Throwable error) {
        return failures < maxAttempts && retryable.test(error);
    }

    boolean isNone() {
        return maxAttempts == 1;
    }

    /**
     * Gives the delay behind a failure.
     *
     * @param failures how many there were, from 1
     * @param random from 0 to 1, what to make of the jitter
     * @return how long to wait before the next attempt
     */
    public Duration delay(int failures, double random) {
        return delay(failures, random, Duration.ZERO);
    }

    /**
     * Gives the delay behind a failure after which somebody asked not to be called too soon.
     *
     * @param failures how many there were, from 1
     * @param random from 0 to 1, what to make of the jitter
     * @param asked how long to wait at least, but no longer than the longest delay
     * @return how long to wait before the next attempt
     */
    public Duration delay(int failures, double random, Duration asked) {
        double nanos = Math.min(firstDelay.toNanos() * Math.pow(factor, failures - 1.0), maxDelay.toNanos());
        Duration own = Duration.ofNanos((long) (nanos * (1 - jitter * random)));
        Duration least = asked.compareTo(maxDelay) < 0 ? asked : maxDelay;
        return own.compareTo(least) < 0 ? least : own;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
