package io.reactivestore.core;

import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a new trace takes over from another one.
 *
 * @param source the other trace
 * @param fromStep the last step that is kept
 * @param traceId the new trace
 * @param at when
 * @param without the nodes that are left out
 * @param beginsNow whether step 0 is of now
 */
record Fork(String source, long fromStep, String traceId, Instant at, Set<String> without, boolean beginsNow) {

    /** The events that create the new trace. */
    Command of(TraceFold trace, List<Outgoing> outgoing) {
        if (fromStep > trace.highestStep()) {
            throw new ResumeOutOfRangeException(source, fromStep, trace.highestStep());
        }
        List<JournalEvent> events = new ArrayList<>();
        for (PersistenceEnvelope envelope : trace.toTrace().envelopes()) {
            if (envelope.step() <= fromStep && !without.contains(envelope.nodeId())) {
                PersistenceEnvelope copy = envelope.withTraceId(traceId);
                events.add(new StepRecorded(beginsNow && envelope.step() == 0 ? copy.withAt(at) : copy));
            }
        }
        if (events.isEmpty()) {
            throw ResumeOutOfRangeException.nothingToFork(source, fromStep, trace.highestStep());
        }
        events.add(new Custom(Journal.FORKED, origin(), at));
        return new Command(traceId, 0, events, null, Command.ALL_SEEN, outgoing);
    }

    /** Ids hold no control characters, so JSON asks for two escapes only. */
    private Payload origin() {
        String id = source.replace("\\", "\\\\").replace("\"", "\\\"");
        return Payload.json("{\"source\":\"" + id + "\",\"step\":" + fromStep + "}");
    }
}
