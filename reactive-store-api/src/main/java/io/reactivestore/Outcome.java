package io.reactivestore;

/**
 * How one attempt of a step ended, as its envelope records it.
 *
 * <pre>{@code
 * PersistenceEnvelope failed = PersistenceEnvelope.of("order-42", "order", 2, "ship", Outcome.FAULT, Instant.now())
 *         .withFailure(Failure.of(new IllegalStateException("no carrier")));
 * }</pre>
 */
public enum Outcome {
    /** The attempt is about to run: written before the side effect of a step that must run at most once. */
    STARTED,
    /** The attempt succeeded; the payload is its result. */
    SUCCESS,
    /** The attempt failed; the failure says how. */
    FAULT,
    /** The step was not run, on purpose: a person or a policy skipped it. */
    SKIPPED
}
