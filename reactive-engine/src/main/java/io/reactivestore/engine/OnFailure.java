package io.reactivestore.engine;

/**
 * What a step does when no attempt is left.
 *
 * <pre>{@code
 * StepOptions<Void> survey = StepOptions.of("survey", Void.class).onFailure(OnFailure.SKIP);
 * }</pre>
 */
public enum OnFailure {
    /** Signals {@link StepFailedException} to the workflow's code. */
    SIGNAL,
    /** Completes empty; the record says SKIPPED and why. */
    SKIP,
    /** Waits at this node until a person decides: supply a result, run again, skip or fail. */
    HALT
}
