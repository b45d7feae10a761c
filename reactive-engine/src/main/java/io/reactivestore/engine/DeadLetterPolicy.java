package io.reactivestore.engine;

import java.util.Objects;

/**
 * What becomes of a trace that fails: whether a dead letter tells of it, and whether it is tried again before. A letter is written
 * in the same commit as the end of the trace, so that there is exactly one; also if steps were taken back, since what was to be done
 * is not done; not if somebody cancelled the trace. A store without the facet DEAD_LETTERS gets none. Immutable.
 *
 * <pre>{@code
 * WorkflowDefinition orders = Workflow.named("order")
 *         .deadLetters(DeadLetterPolicy.retryThenSend(RetryPolicy.exponential(4, Duration.ofMinutes(1)).jitter(0.2)));
 * }</pre>
 */
public final class DeadLetterPolicy {

    private static final DeadLetterPolicy DROP = new DeadLetterPolicy(false, RetryPolicy.none());
    private static final DeadLetterPolicy SEND = new DeadLetterPolicy(true, RetryPolicy.none());

    private final boolean sends;
    private final RetryPolicy retry;

    private DeadLetterPolicy(boolean sends, RetryPolicy retry) {
        this.sends = sends;
        this.retry = retry;
    }

    /**
     * No letter: the trace itself is all there is to tell.
     *
     * @return the policy
     */
    public static DeadLetterPolicy drop() {
        return DROP;
    }

    /**
     * A letter for each trace that fails, misses its deadline, or is put aside because it was recovered too often. The default.
     *
     * @return the policy
     */
    public static DeadLetterPolicy send() {
        return SEND;
    }

    /**
     * As {@link #send()}, but a trace that fails is first tried again, from the step that failed: what was recorded before it is
     * kept. Nothing is taken back until no attempt is left. In between the trace is outside memory, and looks like one that sleeps.
     * How often it was tried is on record and survives restarts. What a person decided to fail is not tried again.
     *
     * @param retry how many attempts there are in all, and the delays between them; its predicate sees what the code of the
     *     workflow signalled
     * @return the policy
     */
    public static DeadLetterPolicy retryThenSend(RetryPolicy retry) {
        return new DeadLetterPolicy(true, Objects.requireNonNull(retry, "retry"));
    }

    boolean sends() {
        return sends;
    }

    RetryPolicy retry() {
        return retry;
    }
}
