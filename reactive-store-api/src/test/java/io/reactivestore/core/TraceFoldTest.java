package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Outcome;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.StoreException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Journal in, trace out, one line a case. In a journal {@code 1} is step 1 of its node, {@code 1x} its fault, {@code 1#2} its
 * second attempt, {@code 1s} its start; {@code R1} resumes from step 1; {@code I1} decides about the node of step 1; {@code C} claims, {@code N} notes,
 * {@code W} waits for a decision; {@code OK}, {@code FAULT}, {@code COMPENSATED} ends. The trace is shown as: the positions of its envelopes, the decisions as
 * position→position applied, the step resumed from, resumptions, and status.
 */
class TraceFoldTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            one step                                  | 1                      | 1         |          | -  | 0 | RUNNING
            steps in any order stay in journal order  | 3 1 2                  | 1 2 3     |          | -  | 0 | RUNNING
            a fault and the attempt that mended it    | 1 2x 2#2               | 1 2 3     |          | -  | 0 | RUNNING
            notes and claims are passed over          | 1 N C 2                | 1 4       |          | -  | 0 | RUNNING
            an end                                    | 1 OK                   | 1         |          | -  | 0 | SUCCESS
            a fault that was compensated              | 1 FAULT COMPENSATED    | 1         |          | -  | 0 | COMPENSATED
            a note behind an end                      | 1 OK N                 | 1         |          | -  | 0 | SUCCESS
            a resume voids what lies beyond           | 1 2 3 R1               | 1         |          | 1  | 1 | RUNNING
            a resume keeps lower steps recorded later | 3 1 2 R1               | 2         |          | 1  | 1 | RUNNING
            a resume from the last step voids nothing | 1 2 R2                 | 1 2       |          | 2  | 1 | RUNNING
            starting over voids all                   | 1 2 R-1                |           |          | -1 | 1 | RUNNING
            progress supersedes the resume point      | 1 2 3 R1 2             | 1 5       |          | -  | 1 | RUNNING
            a voided step may be recorded again       | 1 2 R0 1 2             | 4 5       |          | -  | 1 | RUNNING
            two resumes                               | 1 2 3 R2 3 R1          | 1         |          | 1  | 2 | RUNNING
            all attempts beyond a resume are void     | 1 2x 2#2 R1            | 1         |          | 1  | 1 | RUNNING
            a decision waits for its node             | 1 I2                   | 1         | 2→-      | -  | 0 | RUNNING
            a decision is applied by its node         | 1 I2 2                 | 1 3       | 2→3      | -  | 0 | RUNNING
            a decision is applied once                | 1 I2 2 2#2             | 1 3 4     | 2→3      | -  | 0 | RUNNING
            another node does not apply it            | 1 I3 2                 | 1 3       | 2→-      | -  | 0 | RUNNING
            a start applies no decision               | 1 I2 2s                | 1 3       | 2→-      | -  | 0 | RUNNING
            what was started applies a decision       | 1 I2 2s 2              | 1 3 4     | 2→4      | -  | 0 | RUNNING
            a rest                                    | 1 W                    | 1         |          | -  | 0 | WAITING
            a step ends a rest                        | 1 W 2                  | 1 3       |          | -  | 0 | RUNNING
            a claim ends a rest                       | 1 W C                  | 1         |          | -  | 0 | RUNNING
            a resume ends a rest                      | 1 W R1                 | 1         |          | 1  | 1 | RUNNING
            a decision does not end a rest            | 1 W I2                 | 1         | 3→-      | -  | 0 | WAITING
            two decisions about one node              | 1 I2 I2 2              | 1 4       | 2→4 3→-  | -  | 0 | RUNNING
            a decision behind its node waits          | 1 2 I2                 | 1 2       | 3→-      | -  | 0 | RUNNING
            a resume voids no decision                | 1 I2 2 R1              | 1         | 2→3      | 1  | 1 | RUNNING
            a resume leaves a decision pending        | 1 2 I2 R1              | 1         | 3→-      | 1  | 1 | RUNNING
            """)
    void a_journal_folds(
            String name,
            String journal,
            String envelopes,
            String decisions,
            String resumedFrom,
            int resumptions,
            String status) {
        PersistedTrace trace = fold(journal).toTrace();
        assertThat(trace.envelopes().stream()
                        .map(PersistenceEnvelope::idempotencyKey)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(envelopes == null ? "" : envelopes);
        assertThat(trace.interventions().stream().map(TraceFoldTest::shown).collect(Collectors.joining(" ")))
                .isEqualTo(decisions == null ? "" : decisions);
        assertThat(
                        trace.resumedFromStep() == null
                                ? "-"
                                : trace.resumedFromStep().toString())
                .isEqualTo(resumedFrom);
        assertThat(trace.resumptionCount()).isEqualTo(resumptions);
        assertThat(trace.head().status().name()).isEqualTo(status);
        assertThat(trace.position()).isEqualTo(journal.split(" ").length);
        assertThat(trace.completion() == null).isEqualTo(status.equals("RUNNING") || status.equals("WAITING"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 2 3       | 3  | 0
            3 1         | 3  | 0
            1 2 3 R1    | 1  | 4
            1 R-1       | -1 | 2
            1 2 C       | 2  | 3
            1 2 C W I3  | 2  | 3
            1 C I2 W 2  | 2  | 2
            1 OK        | 1  | 0
            """)
    void a_tail_knows_what_the_rules_ask_for(String journal, long highestStep, long heldSince) {
        TraceFold full = fold(journal);
        for (TraceFold tail : new TraceFold[] {full.toTail(), tail(journal)}) {
            assertThat(tail.position()).isEqualTo(full.position());
            assertThat(tail.highestStep()).isEqualTo(highestStep);
            assertThat(tail.head()).isEqualTo(full.head());
            assertThat(tail.heldSince()).isEqualTo(heldSince);
        }
    }

    @Test
    void the_writer_of_a_claim_or_a_resume_holds_the_trace() {
        assertThat(fold("1 2").isHeldByOther(8)).isFalse();
        for (String journal : new String[] {"1 C", "1 R1"}) {
            assertThat(fold(journal).isHeldByOther(8)).isTrue();
            assertThat(fold(journal).isHeldByOther(7)).isFalse();
            assertThat(fold(journal).heldSince()).isEqualTo(2);
        }
    }

    @Test
    void the_head_is_written_at_the_start_at_take_overs_and_rests_and_at_the_end_only() {
        TraceFold fold = TraceFold.tail("a");
        String journal = "1 2 I3 3 C N R1 2 W I3 I3 3 3#2 W C FAULT COMPENSATED";
        StringBuilder changes = new StringBuilder();
        for (String word : journal.split(" ")) {
            changes.append(fold.apply(entry(fold.position() + 1, word)) ? "!" : ".");
        }
        assertThat(changes).hasToString("!...!.!.!!!!.!!!!");
    }

    @Test
    void a_gap_is_found() {
        TraceFold fold = fold("1 2");
        assertThatThrownBy(() -> fold.apply(entry(4, "3")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("'a'")
                .hasMessageContaining("4");
    }

    private static TraceFold fold(String journal) {
        return apply(journal, TraceFold.full("a"));
    }

    private static TraceFold tail(String journal) {
        return apply(journal, TraceFold.tail("a"));
    }

    private static TraceFold apply(String journal, TraceFold fold) {
        for (String word : journal.split(" ")) {
            fold.apply(entry(fold.position() + 1, word));
        }
        return fold;
    }

    private static JournalEntry entry(long position, String word) {
        return new JournalEntry("a", position, 7, event(word, position));
    }

    private static JournalEvent event(String word, long position) {
        return switch (word) {
            case "N" -> new Custom("note", null, AT);
            case "C" -> new Claimed("me", AT);
            case "W" -> new Suspended(null, AT);
            case "OK" -> new Completed(Completion.of(CompletionState.SUCCESS, AT));
            case "FAULT" -> new Completed(Completion.of(CompletionState.FAULT, AT));
            case "COMPENSATED" -> new Completed(Completion.of(CompletionState.COMPENSATED, AT));
            default ->
                switch (word.charAt(0)) {
                    case 'R' -> new Resumed(Long.parseLong(word.substring(1)), AT);
                    case 'I' ->
                        new Intervened(Intervention.of(
                                "d-" + position, "node-" + word.substring(1), InterventionAction.SKIP, AT));
                    default -> step(word, position);
                };
        };
    }

    private static JournalEvent step(String word, long position) {
        boolean fault = word.endsWith("x");
        String[] stepAndAttempt = word.replaceAll("[xs]", "").split("#");
        long step = Long.parseLong(stepAndAttempt[0]);
        Outcome outcome = fault ? Outcome.FAULT : word.endsWith("s") ? Outcome.STARTED : Outcome.SUCCESS;
        return new StepRecorded(PersistenceEnvelope.of("a", "order", step, "node-" + step, outcome, AT)
                .withAttempt(stepAndAttempt.length == 1 ? 1 : Integer.parseInt(stepAndAttempt[1]))
                .withIdempotencyKey("" + position));
    }

    private static String shown(InterventionRecord record) {
        return record.position() + "→" + (record.appliedPosition() == null ? "-" : record.appliedPosition());
    }
}
