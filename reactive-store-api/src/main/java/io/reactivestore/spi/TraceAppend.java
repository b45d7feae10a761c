package io.reactivestore.spi;

import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one batch writes to one trace.
 *
 * <pre>{@code
 * JournalEntry first = new JournalEntry("order-42", 1, 7, new JournalEvent.StepRecorded(envelope));
 * TraceHead head = new TraceHead("order-42", "order", "1", TraceStatus.RUNNING, envelope.at(), envelope.at());
 * Mono<Set<String>> leftOut = backend.append(List.of(new TraceAppend("order-42", List.of(first), head)));
 * }</pre>
 *
 * @param traceId the trace
 * @param entries one or more entries at successive positions; the first position minus one is where the journal must end
 * @param head the head to insert (if the first position is 1) or to overwrite, or null to leave it alone
 * @param outgoing what leaves the trace in the same commit, nearly always nothing; of a dead letter and something that settles one
 *     there is one at the most; a letter replaces the one of the same id, of which its revision is then the next; what describes the
 *     trace comes with a head and the first position only, when nothing describes it yet
 */
public record TraceAppend(
        String traceId,
        List<JournalEntry> entries,
        @Nullable TraceHead head,
        List<Outgoing> outgoing) {

    /**
     * With which nothing leaves the trace.
     *
     * @param traceId the trace
     * @param entries one or more entries at successive positions
     * @param head the head to insert or to overwrite, or null
     */
    public TraceAppend(String traceId, List<JournalEntry> entries, @Nullable TraceHead head) {
        this(traceId, entries, head, List.of());
    }

    /**
     * Tells whether engines should hear of it: it holds a decision, or leaves the trace waiting and due at once.
     *
     * @return true if it is worth a {@linkplain ClaimBackend#hints hint}
     */
    public boolean isNews() {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).event() instanceof JournalEvent.Intervened) {
                return true;
            }
        }
        return head != null
                && head.status() == TraceStatus.WAITING
                && head.dueAt() != null
                && !head.dueAt().isAfter(head.updatedAt());
    }

    /**
     * Gives the position at which the journal must end for this append to succeed.
     *
     * @return the expected position, 0 for a trace that must not exist
     */
    public long expectedPosition() {
        return entries.get(0).position() - 1;
    }
}
