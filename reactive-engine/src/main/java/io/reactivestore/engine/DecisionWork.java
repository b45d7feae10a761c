package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.PersistenceEnvelope;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a person. The wait is on record before it begins, so that it can be listed and its time limit is not extended by a
 * restart.
 *
 * @param timeout how long, or null for good
 * @param otherwise what is taken instead when the time is over, if {@code hasDefault}; else the step fails
 */
record DecisionWork<T>(
        Run run,
        Type type,
        @Nullable Duration timeout,
        @Nullable T otherwise,
        boolean hasDefault) implements Work<T> {

    @Override
    public void begin(LiveStep<T> step, @Nullable PersistenceEnvelope last) {
        WaitNote note = last == null ? null : WaitNote.of(last.payload());
        if (note == null) {
            Instant until = timeout == null ? null : run.now().plus(timeout);
            step.record(Verdict.started(new WaitNote(Wait.Kind.DECISION, Types.nameOf(type), until, null).toPayload()));
        } else {
            step.waitUntil(note.until(), () -> timedOut(step));
        }
    }

    private void timedOut(LiveStep<T> step) {
        if (hasDefault) {
            step.record(Verdict.success(run.encode(step.key(), otherwise, type), otherwise));
        } else {
            InterventionTimeoutException error = new InterventionTimeoutException(run.traceId(), step.key());
            Failure failure = Failure.of(error);
            step.record(Verdict.failed(failure, StepFailedException.of(run.traceId(), step.key(), failure, error)));
        }
    }
}
