package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.json;
import static io.reactivestore.testkit.Samples.outcome;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.ResumeCursor;
import io.reactivestore.TraceHead;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** T6: taking a trace up again behind a step. */
abstract class ResumeRules extends Subject {

    ResumeRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void T6_minus_one_starts_over() {
        append(0, 1, 2);
        ResumeCursor cursor = resume(-1);
        assertThat(cursor.traceId()).isEqualTo(TRACE);
        assertThat(cursor.nextStep()).isZero();
        assertThat(cursor.anchorPayload()).isNull();
        assertThat(cursor.position()).isEqualTo(4);
        assertThat(cursor.pendingInterventions()).isEmpty();

        PersistedTrace trace = load();
        assertThat(trace.envelopes()).isEmpty();
        assertThat(trace.lastStep()).isEqualTo(-1);
        assertThat(trace.resumedFromStep()).isEqualTo(-1);
        PersistenceEnvelope anew = step(TRACE, 0, "node-0", "another result");
        assertThat(get(traces().append(anew))).as("step 0 can run again").isEqualTo(5);
        assertThat(load().envelopes()).containsExactly(anew);
    }

    @Test
    void T6_minus_one_starts_over_even_when_nothing_is_recorded_any_more() {
        append(0);
        resume(-1);
        ResumeCursor again = resume(-1);
        assertThat(again.nextStep()).isZero();
        assertThat(again.position()).isEqualTo(3);
    }

    @Test
    void T6_an_unknown_trace_is_not_found() {
        refused(TraceNotFoundException.class, traces().resume("unknown", -1));
        TraceNotFoundException refusal = refused(TraceNotFoundException.class, traces().resume("unknown", 0));
        assertThat(refusal.traceId()).isEqualTo("unknown");
        assertThat(traces().load("unknown").blockOptional(HANG)).isEmpty();
    }

    @Test
    void T6_a_completed_trace_is_refused_whatever_its_end() {
        for (CompletionState state : CompletionState.values()) {
            String traceId = "ended-" + state;
            get(traces().append(step(traceId, 0)));
            ReactiveStore other = open();
            assertThat(load(other, traceId).completion()).isNull();
            run(traces().complete(traceId, end(state)));
            for (long fromStep : new long[] {-1, 0, 1}) {
                for (ReactiveStore any : List.of(store(), other)) {
                    TraceCompletedException refusal =
                            refused(TraceCompletedException.class, any.traces().resume(traceId, fromStep));
                    assertThat(refusal.state()).isEqualTo(state);
                }
            }
            assertThat(load(store(), traceId).resumptionCount()).isZero();
        }
    }

    @Test
    void T6_beyond_the_highest_step_is_out_of_range() {
        append(0, 5, 3);
        for (long beyond : new long[] {6, Long.MAX_VALUE - 1}) {
            ResumeOutOfRangeException refusal =
                    refused(ResumeOutOfRangeException.class, traces().resume(TRACE, beyond));
            assertThat(refusal.traceId()).isEqualTo(TRACE);
            assertThat(refusal.fromStep()).isEqualTo(beyond);
            assertThat(refusal.highestStep()).isEqualTo(5);
        }
        assertThat(resume(5).nextStep()).isEqualTo(6);
    }

    @Test
    void T6_the_range_ends_at_the_highest_step_still_valid() {
        append(0, 1, 2);
        resume(0);
        ResumeOutOfRangeException refusal = refused(ResumeOutOfRangeException.class, traces().resume(TRACE, 1));
        assertThat(refusal.highestStep()).isZero();
        resume(-1);
        refusal = refused(ResumeOutOfRangeException.class, open().traces().resume(TRACE, 0));
        assertThat(refusal.highestStep()).isEqualTo(-1);
    }

    @Test
    void T6_a_step_that_only_failed_counts_for_the_range() {
        append(0);
        get(traces().append(outcome(TRACE, 1, Outcome.FAULT)));
        ResumeCursor cursor = resume(1);
        assertThat(cursor.nextStep()).isEqualTo(2);
        assertThat(cursor.anchorPayload()).isEqualTo(json("result of 0"));
    }

    @Test
    void T6_a_step_between_the_recorded_ones_may_be_resumed_from() {
        append(0, 10);
        ResumeCursor cursor = resume(4);
        assertThat(cursor.nextStep()).isEqualTo(5);
        assertThat(cursor.anchorPayload()).isEqualTo(json("result of 0"));
        assertThat(load().envelopes()).containsExactly(step(TRACE, 0));
    }

    @Test
    void T6_the_anchor_is_the_latest_successful_payload_at_or_before_the_step() {
        append(0, 1, 2, 3);
        ResumeCursor cursor = resume(2);
        assertThat(cursor.nextStep()).isEqualTo(3);
        assertThat(cursor.anchorPayload()).isEqualTo(json("result of 2"));
        cursor = get(open().traces().resume(TRACE, 1));
        assertThat(cursor.nextStep()).isEqualTo(2);
        assertThat(cursor.anchorPayload()).isEqualTo(json("result of 1"));
    }

    @Test
    void T6_the_anchor_is_never_that_of_a_fault_a_start_or_a_skip() {
        append(0);
        for (Outcome outcome : List.of(Outcome.STARTED, Outcome.FAULT, Outcome.SKIPPED)) {
            get(traces().append(outcome(TRACE, 1, outcome).withPayload(json("no result"))));
        }
        assertThat(resume(1).anchorPayload()).isEqualTo(json("result of 0"));
        get(traces().append(outcome(TRACE, 1, Outcome.SUCCESS).withAttempt(2).withPayload(json("at last"))));
        get(traces().append(outcome(TRACE, 1, Outcome.FAULT).withAttempt(3).withPayload(json("no result"))));
        assertThat(resume(1).anchorPayload()).isEqualTo(json("at last"));
    }

    @Test
    void T6_a_success_without_payload_leaves_the_anchor_where_it_was() {
        append(0);
        get(traces().append(outcome(TRACE, 1, Outcome.SUCCESS).withPayload(json("anchor"))));
        get(traces().append(outcome(TRACE, 2, Outcome.SUCCESS).withPayload(null)));
        assertThat(resume(2).anchorPayload()).isEqualTo(json("anchor"));
    }

    @Test
    void T6_there_is_no_anchor_without_a_successful_payload() {
        get(traces().append(outcome(TRACE, 0, Outcome.FAULT).withPayload(json("no result"))));
        append(1);
        assertThat(resume(0).anchorPayload()).isNull();
    }

    @Test
    void T6_the_anchor_is_never_a_payload_that_a_resume_voided() {
        append(0, 1);
        resume(0);
        get(traces().append(outcome(TRACE, 1, Outcome.FAULT)));
        assertThat(resume(1).anchorPayload()).isEqualTo(json("result of 0"));
    }

    @Test
    void T6_what_lay_beyond_is_void_and_can_be_recorded_anew_with_another_payload() {
        append(0, 1, 2, 3);
        resume(1);
        assertThat(load().envelopes()).containsExactly(step(TRACE, 0), step(TRACE, 1));

        PersistenceEnvelope second = step(TRACE, 2, "node-2", "another result");
        assertThat(get(traces().append(second))).isEqualTo(6);
        assertThat(get(traces().append(second))).as("absorbed").isEqualTo(6);
        assertThat(append(3)).as("the same payload is a new entry too").isEqualTo(7);
        assertThat(append(1)).as("kept, so absorbed").isEqualTo(2);
        assertThat(load().envelopes()).containsExactly(step(TRACE, 0), step(TRACE, 1), second, step(TRACE, 3));
    }

    @Test
    void T6_a_new_process_takes_what_is_void_for_void() {
        append(0, 1, 2);
        resume(0);
        ReactiveStore other = open();
        assertThat(get(other.traces().resume(TRACE, 0)).position()).isEqualTo(5);
        assertThat(get(other.traces().append(step(TRACE, 1, "node-1", "another result"))))
                .isEqualTo(6);
        assertThat(load(other, TRACE).envelopes())
                .containsExactly(step(TRACE, 0), step(TRACE, 1, "node-1", "another result"));
    }

    @Test
    void T6_all_attempts_and_outcomes_of_a_voided_step_are_void() {
        append(0);
        get(traces().append(outcome(TRACE, 1, Outcome.STARTED)));
        get(traces().append(outcome(TRACE, 1, Outcome.FAULT)));
        get(traces().append(step(TRACE, 1).withAttempt(2)));
        resume(0);
        assertThat(load().envelopes()).containsExactly(step(TRACE, 0));
        assertThat(get(traces().append(outcome(TRACE, 1, Outcome.FAULT).withPayload(json("reason")))))
                .isEqualTo(6);
    }

    @Test
    void T6_what_is_void_stays_in_the_journal() {
        append(0, 1);
        resume(-1);
        List<JournalEntry> entries = entries(store(), TRACE);
        assertThat(entries).extracting(JournalEntry::position).containsExactly(1L, 2L, 3L);
        assertThat(entries.get(1).event()).isEqualTo(new JournalEvent.StepRecorded(step(TRACE, 1)));
        assertThat(entries.get(2).event())
                .isInstanceOfSatisfying(
                        JournalEvent.Resumed.class,
                        resumed -> assertThat(resumed.fromStep()).isEqualTo(-1));
    }

    @Test
    void T6_later_progress_supersedes_the_resume_point() {
        append(0, 1, 2);
        resume(0);
        assertThat(load().resumedFromStep()).isZero();
        append(1);
        assertThat(load().resumedFromStep()).isNull();
        assertThat(load(open(), TRACE).resumedFromStep()).isNull();
    }

    @Test
    void T6_a_decision_is_no_progress() {
        append(0, 1);
        resume(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-9")));
        assertThat(load().resumedFromStep()).isZero();
    }

    @Test
    void T6_a_second_crash_resumes_from_the_newest_step() {
        append(0, 1, 2);
        resume(0);
        append(1, 2, 3);

        ReactiveStore afterTheCrash = open();
        PersistedTrace trace = load(afterTheCrash, TRACE);
        assertThat(trace.lastStep()).isEqualTo(3);
        assertThat(trace.envelopes()).extracting(PersistenceEnvelope::step).containsExactly(0L, 1L, 2L, 3L);
        ResumeCursor cursor = get(afterTheCrash.traces().resume(TRACE, trace.lastStep()));
        assertThat(cursor.nextStep()).isEqualTo(4);
        assertThat(cursor.anchorPayload()).isEqualTo(json("result of 3"));
        assertThat(cursor.resumptionCount()).isEqualTo(2);
        assertThat(load(afterTheCrash, TRACE).envelopes()).hasSize(4);
    }

    @Test
    void T6_resumes_are_counted_and_the_newest_is_dated() {
        append(0);
        assertThat(load().resumptionCount()).isZero();
        assertThat(load().lastResumedAt()).isNull();
        for (int n = 1; n <= 3; n++) {
            ResumeCursor cursor = n % 2 == 0 ? get(open().traces().resume(TRACE, 0)) : resume(0);
            assertThat(cursor.resumptionCount()).isEqualTo(n);
            PersistedTrace trace = load();
            assertThat(trace.resumptionCount()).isEqualTo(n);
            assertThat(trace.lastResumedAt()).isNotNull();
            assertThat(trace.position()).isEqualTo(cursor.position());
        }
        resume(-1);
        append(0);
        assertThat(load().resumptionCount()).isEqualTo(4);
        assertThat(load().lastResumedAt()).isNotNull();
    }

    @Test
    void T6_the_date_of_the_newest_resume_is_the_one_in_the_journal() {
        append(0);
        resume(0);
        ResumeCursor newest = resume(0);
        append(1);
        JournalEvent event =
                entries(store(), TRACE).get((int) newest.position() - 1).event();
        assertThat(load().lastResumedAt()).isEqualTo(event.at());
    }

    @Test
    void T6_a_resume_shows_in_the_head_who_runs_the_trace() {
        append(0, 1);
        TraceHead before = load().head();
        get(open().traces().resume(TRACE, -1));
        JournalEntry resumed = entries(store(), TRACE).get(2);
        assertThat(resumed.writer()).isNotEqualTo(before.holder());
        assertThat(load().head())
                .isEqualTo(before.running(resumed.writer(), resumed.event().at()));
    }

    @Test
    void T6_the_cursor_names_the_version_of_the_newest_valid_step() {
        get(traces().append(step(TRACE, 0).withVersion("a")));
        get(traces().append(step(TRACE, 1).withVersion("b")));
        get(traces().append(step(TRACE, 2).withVersion("c")));
        assertThat(resume(2).version()).isEqualTo("c");
        assertThat(resume(1).version()).isEqualTo("b");
        assertThat(resume(0).version()).isEqualTo("a");
        get(traces().append(step(TRACE, 1).withVersion("d")));
        assertThat(resume(1).version()).isEqualTo("d");
        assertThat(resume(-1).version())
                .as("none is valid: the one it started with")
                .isEqualTo("a");
    }

    @Test
    void T6_the_cursor_brings_the_decisions_no_step_has_applied_in_journal_order() {
        append(0);
        Intervention second = decision("b", "node-2");
        Intervention first = decision("a", "node-1");
        Intervention applied = decision("c", "node-3");
        run(traces().saveIntervention(TRACE, second));
        run(traces().saveIntervention(TRACE, first));
        run(traces().saveIntervention(TRACE, applied));
        append(3);
        assertThat(resume(0).pendingInterventions()).containsExactly(second, first);
        assertThat(load().pendingInterventions()).containsExactly(second, first);
    }

    private ResumeCursor resume(long fromStep) {
        return get(traces().resume(TRACE, fromStep));
    }
}
