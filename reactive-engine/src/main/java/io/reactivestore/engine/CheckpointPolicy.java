package io.reactivestore.engine;

/**
 * How often the results of steps are made durable. What is not yet durable is done again after a crash. Whatever must be on
 * record at once (marks, waits, sleeps, failures, decisions, the end) takes along everything put off before it. Immutable.
 *
 * <pre>{@code
 * WorkflowDefinition load = Workflow.named("load").checkpoints(CheckpointPolicy.every(100));
 * }</pre>
 */
public final class CheckpointPolicy {

    /** Leaves room in one list of the journal for what takes the results along. */
    private static final int MOST = 900;

    private static final CheckpointPolicy EVERY_STEP = new CheckpointPolicy(1);
    private static final CheckpointPolicy ON_COMPLETION = new CheckpointPolicy(MOST);

    private final int every;

    private CheckpointPolicy(int every) {
        this.every = every;
    }

    /**
     * A result is emitted once it is durable.
     *
     * @return the default
     */
    public static CheckpointPolicy everyStep() {
        return EVERY_STEP;
    }

    /**
     * Every n-th result waits until it and those before it are durable, in one commit.
     *
     * @param n how many, 1 to 900
     * @return the policy
     * @throws IllegalArgumentException if it is out of range
     */
    public static CheckpointPolicy every(int n) {
        if (n < 1 || n > MOST) {
            throw new IllegalArgumentException("a checkpoint takes 1 to " + MOST + " steps, found " + n);
        }
        return new CheckpointPolicy(n);
    }

    /**
     * Results become durable with the end of the trace, or when 900 wait.
     *
     * @return the policy
     */
    public static CheckpointPolicy onCompletion() {
        return ON_COMPLETION;
    }

    /** How many results make a checkpoint. */
    int every() {
        return every;
    }
}
