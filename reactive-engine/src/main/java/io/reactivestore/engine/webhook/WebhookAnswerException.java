package io.reactivestore.engine.webhook;

import java.time.Duration;

/**
 * An endpoint answered, but did not acknowledge: with a status other than 200 to 299. A redirect is none.
 *
 * <pre>{@code
 * RetryPolicy unlessGone = RetryPolicy.exponential(10, Duration.ofSeconds(5))
 *         .on(error -> !(error instanceof WebhookAnswerException answer && answer.status() == 410));
 * }</pre>
 */
public final class WebhookAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The status of the answer. */
    private final int status;
    /** How long the endpoint asks to be left alone, or zero. */
    private final Duration retryAfter;

    WebhookAnswerException(String endpoint, int status, Duration retryAfter) {
        super("Endpoint '" + endpoint + "' answered with status " + status + ".", null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /**
     * Gives the status.
     *
     * @return the status of the answer
     */
    public int status() {
        return status;
    }

    /**
     * Gives how long the endpoint asks to be left alone: what {@code Retry-After} says beside a status of 429 or 503.
     *
     * @return the time from the answer on, or zero
     */
    public Duration retryAfter() {
        return retryAfter;
    }
}
