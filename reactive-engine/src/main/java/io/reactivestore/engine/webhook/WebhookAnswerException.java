package io.reactivestore.engine.webhook;

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

    WebhookAnswerException(String endpoint, int status) {
        super("Endpoint '" + endpoint + "' answered with status " + status + ".", null, false, false);
        this.status = status;
    }

    /**
     * Gives the status.
     *
     * @return the status of the answer
     */
    public int status() {
        return status;
    }
}
