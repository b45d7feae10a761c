package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings on record that a trace goes on with a state: all that was recorded is void, and behind it stands the start again, and
 * the state. In one commit, so that a crash leaves the one or the other. The next run begins with what was written, unread.
 */
final class Continuation {

    /** The step whose result is the state. */
    static final String NODE = "$carried";

    private final Run run;
    private final Payload carried;

    Continuation(Run run, Payload carried) {
        this.run = run;
        this.carried = carried;
    }

    /** Nothing is under way, so whatever stands behind what the run has seen is of others. */
    void write() {
        if (run.isEnded()) {
            return;
        }
        long seen = run.journal().seen();
        TraceMeta meta = run.opening().meta().next(run.traceId(), seen);
        List<PersistenceEnvelope> story = story(meta);
        List<JournalEvent> events = new ArrayList<>(story.size());
        story.forEach(envelope -> events.add(new JournalEvent.StepRecorded(envelope)));
        run.journal()
                .replace(seen, events)
                .subscribe(
                        position -> run.end(new RunEnd.Continued(next(meta, story, position))),
                        error -> run.conclusion().notWritten(error, this::write));
    }

    private List<PersistenceEnvelope> story(TraceMeta meta) {
        Opening opening = run.opening();
        return List.of(
                envelope(0, History.START, opening.startedAt(), opening.input()),
                envelope(0, TraceMeta.NODE, run.now(), meta.toPayload()),
                envelope(1, NODE, run.now(), carried));
    }

    private PersistenceEnvelope envelope(long step, String node, Instant at, Payload payload) {
        Workflow<?, ?> workflow = run.workflow();
        return PersistenceEnvelope.of(run.traceId(), workflow.name(), step, node, Outcome.SUCCESS, at)
                .withVersion(workflow.version())
                .withPayload(payload);
    }

    private Opening next(TraceMeta meta, List<PersistenceEnvelope> story, long position) {
        PersistedTrace before = run.opening().trace();
        List<InterventionRecord> pending = new ArrayList<>();
        for (Intervention decision : run.journal().allPending()) {
            pending.add(new InterventionRecord(decision, meta.sincePosition(), null, null));
        }
        PersistedTrace trace = new PersistedTrace(
                before.head(), story, pending, null, before.resumptionCount() + 1, run.now(), null, position, 0);
        return new Opening(run.workflow(), run.opening().input(), run.opening().startedAt(), meta, trace, false);
    }

    /** The state is on record when it is asked for. */
    record Carried<T>() implements Work<T> {
        @Override
        public void begin(LiveStep<T> step, @Nullable PersistenceEnvelope last) {
            throw new IllegalStateException("the state is on record");
        }
    }
}
