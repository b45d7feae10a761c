package io.reactivestore.core;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.TraceAppend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a batch writes to one trace, the trace as it will then be, and the callers who wait for it. Confined to a lane. */
final class Slot {

    /** The order in which batches are written, everywhere, so that two of them never deadlock. */
    static final Comparator<Slot> BY_TRACE = Comparator.comparing(slot -> slot.trace.traceId());

    final TraceFold trace;
    final List<Request> requests = new ArrayList<>(2);
    private final List<JournalEntry> entries = new ArrayList<>(2);
    private final boolean isGuarded;
    private List<Outgoing> outgoing = List.of();
    private @Nullable TraceHead head;
    private int found;

    /** Who does not run the trace must not write to one that was deleted: the head that is written along finds out. */
    Slot(TraceFold trace, long writer) {
        this.trace = trace;
        this.isGuarded = trace.exists() && !trace.isRunBy(writer);
    }

    /** Gives the position the event takes. */
    long add(JournalEvent event, long writer) {
        JournalEntry entry = new JournalEntry(trace.traceId(), trace.position() + 1, writer, event);
        if (trace.apply(entry)) {
            head = trace.head();
        }
        entries.add(entry);
        return entry.position();
    }

    /** What leaves the trace with the events just added. */
    void send(List<Outgoing> more) {
        if (!more.isEmpty()) {
            outgoing = Exits.together(outgoing, more);
        }
    }

    TraceAppend toAppend() {
        return new TraceAppend(trace.traceId(), entries, head == null && isGuarded ? trace.head() : head, outgoing);
    }

    long firstPosition() {
        return entries.get(0).position();
    }

    /** After a collision: takes note of an entry that the journal holds. */
    void compare(JournalEntry recorded) {
        long index = recorded.position() - entries.get(0).position();
        if (index >= 0 && index < entries.size() && entries.get((int) index).equals(recorded)) {
            found++;
        }
    }

    /**
     * Whether the journal turned out to hold exactly what this slot was to write, from this writer: an earlier try reached the
     * database although its answer was lost.
     */
    boolean isThereAlready() {
        return found == entries.size();
    }
}
