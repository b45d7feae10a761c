package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.PersistenceEnvelope;
import org.jspecify.annotations.Nullable;

/** What a step does while it is live: run a function, sleep, wait for a person or for another trace. */
interface Work<T> {

    /**
     * Begins, or goes on behind a record that was not the end.
     *
     * @param step the step; its phase is RUNNING
     * @param last what is on record of it last, or null
     */
    void begin(LiveStep<T> step, @Nullable PersistenceEnvelope last);

    /** What is recorded if somebody decides that it is done again; {@link #begin} then does it. */
    default Verdict<T> rerun(LiveStep<T> step, Intervention decision) {
        return Verdict.refused(InterventionRefusedException.rerun(step.run().traceId(), decision));
    }

    /** Whether what is under way can be stopped without doubt about what it has done to the journal. */
    default boolean isInterruptible() {
        return true;
    }
}
