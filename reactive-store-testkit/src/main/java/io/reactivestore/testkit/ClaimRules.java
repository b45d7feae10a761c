package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.claim;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** T10: who took a trace over fences every other writer off. */
abstract class ClaimRules extends Subject {

    ClaimRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void T10_a_trace_nobody_took_over_accepts_every_writer() {
        append(0);
        assertThat(get(open().traces().append(step(TRACE, 1)))).isEqualTo(2);
        assertThat(append(2)).isEqualTo(3);
        run(open().traces().complete(TRACE, end(CompletionState.SUCCESS)));
    }

    @Test
    void T10_a_resume_by_another_fences_append_and_complete() {
        append(0, 1);
        ReactiveStore other = open();
        long takenOverAt = get(other.traces().resume(TRACE, 1)).position();

        ClaimLostException refusal = refused(ClaimLostException.class, traces().append(step(TRACE, 2)));
        assertThat(refusal.traceId()).isEqualTo(TRACE);
        assertThat(refusal.position()).isEqualTo(takenOverAt);
        assertThat(refusal.isTransient()).isFalse();
        refusal = refused(ClaimLostException.class, traces().complete(TRACE, end(CompletionState.FAULT)));
        assertThat(refusal.position()).isEqualTo(takenOverAt);
        assertThat(load().position()).isEqualTo(takenOverAt);

        assertThat(get(other.traces().append(step(TRACE, 2)))).isEqualTo(takenOverAt + 1);
        run(other.traces().complete(TRACE, end(CompletionState.SUCCESS)));
    }

    @Test
    void T10_a_claim_by_another_fences_append_and_complete() {
        append(0, 1);
        ReactiveStore other = open();
        assertThat(get(journal(other).append(TRACE, 2, List.of(claim("other engine")))))
                .isEqualTo(3);
        assertThat(refused(ClaimLostException.class, traces().append(step(TRACE, 2)))
                        .position())
                .isEqualTo(3);
        refused(ClaimLostException.class, traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(load().position()).isEqualTo(3);
        assertThat(get(other.traces().append(step(TRACE, 2)))).isEqualTo(4);
    }

    @Test
    void T10_lists_are_fenced_whatever_they_hold() {
        append(0);
        get(open().traces().resume(TRACE, 0));
        refused(ClaimLostException.class, journal().append(TRACE, 2, List.of(note("a"), recorded(step(TRACE, 1)))));
        refused(ClaimLostException.class, journal().append(TRACE, 2, List.of(note("a"))));
        refused(ClaimLostException.class, journal().append(TRACE, 2, List.of(completed(CompletionState.SUCCESS))));
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void T10_a_third_process_is_fenced_too_and_so_is_the_holder_once_restarted() {
        append(0);
        ReactiveStore holder = open();
        get(holder.traces().resume(TRACE, 0));
        refused(ClaimLostException.class, open().traces().append(step(TRACE, 1)));
        run(holder.close());
        refused(ClaimLostException.class, open().traces().append(step(TRACE, 1)));
    }

    @Test
    void T10_who_resumed_or_claimed_goes_on() {
        append(0);
        get(traces().resume(TRACE, 0));
        assertThat(append(1)).isEqualTo(3);
        get(journal().append(TRACE, 3, List.of(claim("me"))));
        assertThat(append(2)).isEqualTo(5);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
    }

    @Test
    void T10_the_newest_take_over_counts_and_can_be_taken_back() {
        append(0);
        ReactiveStore other = open();
        get(other.traces().resume(TRACE, 0));
        refused(ClaimLostException.class, traces().append(step(TRACE, 1)));
        long back = get(traces().resume(TRACE, 0)).position();
        assertThat(append(1)).isEqualTo(back + 1);
        assertThat(refused(ClaimLostException.class, other.traces().append(step(TRACE, 2)))
                        .position())
                .isEqualTo(back);

        get(journal(other).append(TRACE, back + 1, List.of(claim("other"))));
        assertThat(get(other.traces().append(step(TRACE, 2)))).isEqualTo(back + 3);
        refused(ClaimLostException.class, traces().append(step(TRACE, 3)));
    }

    @Test
    void T10_a_lost_claim_is_told_before_a_step_on_record() {
        append(0);
        get(open().traces().resume(TRACE, 0));
        refused(ClaimLostException.class, traces().append(step(TRACE, 0)));
        refused(ClaimLostException.class, traces().append(step(TRACE, 0, "node-0", "another result")));
        refused(ClaimLostException.class, open().traces().append(step(TRACE, 0)));
    }

    @Test
    void T10_decisions_loads_and_resumes_are_open_to_all() {
        append(0);
        get(open().traces().resume(TRACE, 0));
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertThat(load().pendingInterventions()).hasSize(1);
        assertThat(get(traces().resume(TRACE, 0)).position()).isEqualTo(4);
    }

    @Test
    void T10_nothing_of_a_crowd_that_lost_the_trace_is_written() {
        append(0);
        ReactiveStore other = open();
        get(other.traces().resume(TRACE, 0));
        List<Mono<?>> crowd = LongStream.rangeClosed(1, 50)
                .<Mono<?>>mapToObj(n -> traces().append(step(TRACE, n)))
                .toList();
        assertThat(Answer.together(crowd))
                .allSatisfy(answer -> assertThat(answer.refusal()).isInstanceOf(ClaimLostException.class));
        assertThat(load(other, TRACE).position()).isEqualTo(2);
    }

    @Test
    void T10_a_claim_that_comes_too_late_takes_nothing_over() {
        append(0, 1);
        ReactiveStore other = open();
        PositionConflictException refusal =
                refused(PositionConflictException.class, journal(other).append(TRACE, 1, List.of(claim("too late"))));
        assertThat(refusal.expected()).isEqualTo(1);
        assertThat(refusal.actual()).isEqualTo(2);
        assertThat(append(2)).isEqualTo(3);
    }

    @Test
    void T10_a_trace_that_is_unknown_or_has_ended_cannot_be_claimed() {
        refused(TraceNotFoundException.class, journal().append("unknown", 0, List.of(claim("me"))));
        append(0);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        refused(TraceCompletedException.class, journal().append(TRACE, 2, List.of(claim("me"))));
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void T10_a_claim_shows_in_the_head_and_leaves_the_steps_as_they_were() {
        append(0, 1);
        TraceHead before = load().head();
        get(journal(open()).append(TRACE, 2, List.of(claim("other"))));
        assertThat(writer(TRACE, 3)).isNotEqualTo(before.holder());
        assertThat(load().head())
                .isEqualTo(before.running(writer(TRACE, 3), claim("other").at()));
        assertThat(load().envelopes()).hasSize(2);
        assertThat(load().resumptionCount()).isZero();
        assertThat(load().resumedFromStep()).isNull();
    }
}
