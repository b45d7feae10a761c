package io.reactivestore.core;

import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.TraceAppend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A whole journal, to be written as it is. */
final class Restoring {

    private Restoring() {}

    static List<JournalEntry> check(String traceId, List<JournalEntry> given, StoreConfig config) {
        List<JournalEntry> entries = List.copyOf(Check.present("entries", given));
        for (int i = 0; i < entries.size(); i++) {
            JournalEntry entry = entries.get(i);
            PayloadLimit.check(entry.event(), config);
            if (entry.position() != i + 1 || !entry.traceId().equals(traceId)) {
                throw new IllegalArgumentException("entry " + (i + 1) + " stands at position " + entry.position()
                        + " of trace '" + entry.traceId() + "', not at " + (i + 1) + " of '" + traceId + "'");
            }
        }
        if (entries.isEmpty() || !(entries.get(0).event() instanceof JournalEvent.StepRecorded)) {
            throw new IllegalArgumentException("a journal begins with a step");
        }
        return entries;
    }

    /** Nobody here holds the trace, so one that was on its way waits for somebody to take it up. */
    static TraceAppend of(
            String traceId, List<JournalEntry> journal, List<Outgoing> outgoing, long writer, Instant now) {
        List<JournalEntry> entries = new ArrayList<>(journal);
        TraceFold fold = TraceFold.full(traceId);
        journal.forEach(fold::apply);
        if (isOpen(Objects.requireNonNull(fold.head()))) {
            JournalEntry rest =
                    new JournalEntry(traceId, journal.size() + 1L, writer, new JournalEvent.Suspended(now, now));
            fold.apply(rest);
            entries.add(rest);
        }
        return new TraceAppend(traceId, entries, fold.head(), outgoing);
    }

    private static boolean isOpen(TraceHead head) {
        return head.status() == TraceStatus.RUNNING || head.status() == TraceStatus.WAITING;
    }
}
