package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.RESTED;
import static io.reactivestore.testkit.Samples.claim;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** WAIT: who holds a trace, traces that leave their engine's memory, and when they are due. */
abstract class WaitRules extends Subject {

    private static final Instant WAKE_AT = AT.plusSeconds(3_600);

    WaitRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void WAIT_who_starts_a_trace_holds_it() {
        append(0);
        ReactiveStore other = open();
        get(other.traces().append(step(TRACE, 1)));
        assertRuns(writer(TRACE, 1), AT);
    }

    @Test
    void WAIT_a_trace_that_rests_is_held_by_nobody_and_due_at_its_time() {
        append(0, 1);
        assertThat(get(journal().append(TRACE, List.of(rest(WAKE_AT))))).isEqualTo(3);
        assertWaits(WAKE_AT, RESTED);
    }

    @Test
    void WAIT_without_a_time_only_a_decision_makes_it_due() {
        append(0);
        get(journal().append(TRACE, List.of(rest(null))));
        assertWaits(null, RESTED);
        Intervention decision = decision("d", "node-1");
        run(traces().saveIntervention(TRACE, decision));
        assertWaits(decision.at(), decision.at());
    }

    @Test
    void WAIT_a_decision_before_it_does_not_make_it_due() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        get(journal().append(TRACE, List.of(rest(WAKE_AT))));
        assertWaits(WAKE_AT, RESTED);
    }

    @Test
    void WAIT_a_decision_makes_it_due_earlier_never_later() {
        append(0);
        Instant soon = AT.plusSeconds(400);
        get(journal().append(TRACE, List.of(rest(soon))));
        run(traces().saveIntervention(TRACE, decidedAt("later", AT.plusSeconds(500))));
        assertWaits(soon, AT.plusSeconds(500));
        run(open().traces().saveIntervention(TRACE, decidedAt("earlier", AT.plusSeconds(350))));
        assertWaits(AT.plusSeconds(350), AT.plusSeconds(350));
    }

    @Test
    void WAIT_a_decision_absorbed_leaves_the_head() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        get(journal().append(TRACE, List.of(rest(WAKE_AT))));
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertWaits(WAKE_AT, RESTED);
    }

    @Test
    void WAIT_a_decision_about_a_trace_that_runs_leaves_the_head() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertRuns(writer(TRACE, 1), AT);
    }

    @Test
    void WAIT_a_step_ends_the_rest() {
        append(0);
        get(journal().append(TRACE, List.of(rest(WAKE_AT))));
        ReactiveStore other = open();
        get(other.traces().append(step(TRACE, 7)));
        assertThat(writer(TRACE, 3)).isNotEqualTo(writer(TRACE, 1));
        assertRuns(writer(TRACE, 3), step(TRACE, 7).at());
    }

    @Test
    void WAIT_a_note_does_not_end_the_rest() {
        append(0);
        get(journal().append(TRACE, List.of(rest(WAKE_AT))));
        get(journal().append(TRACE, List.of(note("still here"))));
        assertWaits(WAKE_AT, RESTED);
    }

    @Test
    void WAIT_a_claim_ends_the_rest() {
        append(0);
        get(journal().append(TRACE, List.of(rest(WAKE_AT))));
        get(journal(open()).append(TRACE, List.of(claim("other"))));
        assertRuns(writer(TRACE, 3), claim("other").at());
    }

    @Test
    void WAIT_a_resume_ends_the_rest() {
        append(0);
        get(journal().append(TRACE, List.of(rest(WAKE_AT))));
        get(open().traces().resume(TRACE, 0));
        assertRuns(writer(TRACE, 3), entries(store(), TRACE).get(2).event().at());
    }

    @Test
    void WAIT_an_end_is_held_by_nobody_and_never_due() {
        append(0);
        get(journal().append(TRACE, List.of(rest(WAKE_AT))));
        run(traces().complete(TRACE, end(CompletionState.CANCELLED)));
        assertThat(head().status()).isEqualTo(TraceStatus.CANCELLED);
        assertThat(head().holder()).isNull();
        assertThat(head().dueAt()).isNull();
    }

    @Test
    void WAIT_a_newer_rest_counts() {
        append(0);
        get(journal().append(TRACE, List.of(rest(WAKE_AT))));
        get(journal().append(TRACE, List.of(rest(WAKE_AT.plusSeconds(1)))));
        assertWaits(WAKE_AT.plusSeconds(1), RESTED);
    }

    @Test
    void WAIT_a_rest_needs_an_open_trace() {
        refused(TraceNotFoundException.class, journal().append("unknown", List.of(rest(null))));
        append(0);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        refused(TraceCompletedException.class, journal().append(TRACE, List.of(rest(null))));
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void WAIT_a_rest_is_for_who_holds_the_trace() {
        append(0);
        ReactiveStore other = open();
        get(journal(other).append(TRACE, List.of(claim("other"))));
        refused(ClaimLostException.class, journal().append(TRACE, List.of(rest(WAKE_AT))));
        assertRuns(writer(TRACE, 2), claim("other").at());
        assertThat(get(journal(other).append(TRACE, List.of(rest(WAKE_AT))))).isEqualTo(3);
    }

    @Test
    void WAIT_who_was_fenced_off_stays_so_while_the_trace_rests() {
        append(0);
        ReactiveStore other = open();
        get(journal(other).append(TRACE, List.of(claim("other"))));
        get(journal(other).append(TRACE, List.of(rest(WAKE_AT))));
        for (ReactiveStore any : List.of(store(), open())) {
            refused(ClaimLostException.class, any.traces().append(step(TRACE, 1)));
            refused(ClaimLostException.class, journal(any).append(TRACE, List.of(rest(null))));
            refused(ClaimLostException.class, any.traces().complete(TRACE, end(CompletionState.SUCCESS)));
        }
        assertWaits(WAKE_AT, RESTED);
        assertThat(get(other.traces().append(step(TRACE, 1)))).isEqualTo(4);
    }

    @Test
    void WAIT_a_list_may_end_in_a_rest_and_is_written_whole_or_not_at_all() {
        List<JournalEvent> steps = List.of(recorded(step(TRACE, 0)), note("a"), rest(WAKE_AT));
        assertThat(get(journal().append(TRACE, 0, steps))).isEqualTo(3);
        assertWaits(WAKE_AT, RESTED);
        refused(
                StepConflictException.class,
                journal().append(TRACE, List.of(recorded(step(TRACE, 0, "node-0", "another")), rest(null))));
        assertWaits(WAKE_AT, RESTED);
        assertThat(load().position()).isEqualTo(3);
    }

    @Test
    void WAIT_a_rest_elsewhere_than_at_the_end_of_a_list_throws_at_the_call() {
        List<JournalEvent> events = List.of(recorded(step(TRACE, 0)), rest(null), note("a"));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().append(TRACE, events));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().append(TRACE, 0, events));
    }

    @Test
    void WAIT_claims_without_progress_are_counted() {
        append(0);
        assertThat(load().claimsSinceProgress()).isZero();
        for (int claims = 1; claims <= 3; claims++) {
            get(journal().append(TRACE, List.of(claim("me"))));
            get(journal().append(TRACE, List.of(note("no progress"))));
            assertThat(load(open(), TRACE).claimsSinceProgress()).isEqualTo(claims);
        }
        for (JournalEvent progress : List.of(recorded(step(TRACE, 1)), rest(null))) {
            get(journal().append(TRACE, List.of(claim("me"))));
            get(journal().append(TRACE, List.of(progress)));
            assertThat(load(open(), TRACE).claimsSinceProgress()).isZero();
        }
        get(journal().append(TRACE, List.of(claim("me"))));
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertThat(load().claimsSinceProgress()).isZero();
        get(journal().append(TRACE, List.of(claim("me"))));
        get(traces().resume(TRACE, 0));
        assertThat(load().claimsSinceProgress()).isZero();
        get(journal()
                .append(
                        TRACE,
                        List.of(claim("me"), completed(CompletionState.SUCCESS)).subList(0, 1)));
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(load().claimsSinceProgress()).isEqualTo(1);
    }

    private static Intervention decidedAt(String id, Instant at) {
        return Intervention.of(id, "node-1", InterventionAction.SKIP, at);
    }

    private void assertWaits(@Nullable Instant dueAt, Instant since) {
        TraceHead head = head();
        assertThat(head.status()).isEqualTo(TraceStatus.WAITING);
        assertThat(head.holder()).isNull();
        assertThat(head.dueAt()).isEqualTo(dueAt);
        assertThat(head.updatedAt()).isEqualTo(since);
    }

    private void assertRuns(long holder, Instant since) {
        TraceHead head = head();
        assertThat(head.status()).isEqualTo(TraceStatus.RUNNING);
        assertThat(head.holder()).isEqualTo(holder);
        assertThat(head.dueAt()).isNull();
        assertThat(head.updatedAt()).isEqualTo(since);
    }

    /** As the writing process folded it, which must be as any other folds it. */
    private TraceHead head() {
        TraceHead head = get(catalog(store()).find(TRACE));
        assertThat(load().head()).isEqualTo(head);
        assertThat(load(open(), TRACE).head()).isEqualTo(head);
        return head;
    }
}
