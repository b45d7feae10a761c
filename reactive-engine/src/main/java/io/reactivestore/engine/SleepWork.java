package io.reactivestore.engine;

import io.reactivestore.PersistenceEnvelope;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sleeps until a time that is on record before the sleep begins. */
record SleepWork(Run run, Duration duration) implements Work<Void> {

    @Override
    public void begin(LiveStep<Void> step, @Nullable PersistenceEnvelope last) {
        WaitNote note = last == null ? null : WaitNote.of(last.payload());
        Instant until = note == null ? null : note.until();
        if (until == null) {
            step.record(
                    Verdict.started(new WaitNote(Wait.Kind.TIME, null, run.now().plus(duration), null).toPayload()));
        } else if (until.isAfter(run.now())) {
            step.waitUntil(until, () -> step.record(Verdict.success(null, null)));
        } else {
            step.record(Verdict.success(null, null));
        }
    }
}
