package io.reactivestore.examples.onboarding;

import io.reactivestore.Completion;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A journal as a person reads it. */
final class JournalTable {

    private static final int PREVIEW = 60;

    private JournalTable() {}

    static Table of(List<JournalEntry> entries) {
        Table table = new Table("POS", "STEP", "NODE", "TRY", "OUTCOME", "TIME", "PAYLOAD");
        for (int i = 0; i < entries.size(); i++) {
            boolean isVoid = isVoid(entries, i);
            add(table, entries.get(i), isVoid);
        }
        return table;
    }

    /** Whether a later resume kept only steps before this one. */
    private static boolean isVoid(List<JournalEntry> entries, int index) {
        return entries.get(index).event() instanceof StepRecorded recorded
                && entries.subList(index + 1, entries.size()).stream()
                        .anyMatch(later -> later.event() instanceof Resumed resumed
                                && recorded.envelope().step() > resumed.fromStep());
    }

    private static void add(Table table, JournalEntry entry, boolean isVoid) {
        String position = Long.toString(entry.position());
        JournalEvent event = entry.event();
        String time = Table.time(event.at());
        if (event instanceof StepRecorded recorded) {
            PersistenceEnvelope step = recorded.envelope();
            table.row(
                    isVoid,
                    position,
                    Long.toString(step.step()),
                    step.nodeId(),
                    Integer.toString(step.attempt()),
                    step.outcome() + (isVoid ? " (void)" : ""),
                    time,
                    preview(step.payload(), step.failure()));
        } else if (event instanceof Intervened intervened) {
            Intervention decision = intervened.intervention();
            String by = decision.operator() == null ? "" : " by " + decision.operator();
            String why = decision.reason() == null ? "" : ": " + decision.reason();
            table.row(
                    false,
                    position,
                    "",
                    decision.targetNode(),
                    "",
                    "decision " + decision.action(),
                    time,
                    cut(preview(decision.payloadOverride(), null) + by + why));
        } else if (event instanceof Resumed resumed) {
            table.row(false, position, "", "", "", "resumed behind " + resumed.fromStep(), time, "");
        } else if (event instanceof Claimed claimed) {
            table.row(false, position, "", "", "", "claimed", time, "by " + claimed.owner());
        } else if (event instanceof Suspended rest) {
            String until = rest.wakeAt() == null ? "for a decision" : "until " + Table.time(rest.wakeAt());
            table.row(false, position, "", "", "", "waits", time, until);
        } else if (event instanceof Completed completed) {
            Completion end = completed.completion();
            table.row(false, position, "", "", "", "ended: " + end.state(), time, preview(end.result(), end.failure()));
        } else if (event instanceof Custom custom) {
            table.row(false, position, "", "", "", custom.type(), time, preview(custom.payload(), null));
        }
    }

    private static String preview(@Nullable Payload payload, @Nullable Failure failure) {
        if (failure != null) {
            return cut(failure.message() == null ? failure.type() : failure.message());
        }
        if (payload == null) {
            return "";
        }
        return payload.mediaType().equals(Payload.JSON) ? cut(payload.asText()) : payload.toString();
    }

    private static String cut(String text) {
        String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= PREVIEW ? line : line.substring(0, PREVIEW - 3) + "...";
    }
}
