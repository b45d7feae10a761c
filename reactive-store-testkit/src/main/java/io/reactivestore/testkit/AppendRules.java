package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.WORKFLOW;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.json;
import static io.reactivestore.testkit.Samples.ofWorkflow;
import static io.reactivestore.testkit.Samples.outcome;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.WorkflowMismatchException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** T1 to T5: recording steps. */
abstract class AppendRules extends Subject {

    AppendRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void T1_the_first_append_creates_the_trace() {
        PersistenceEnvelope first = step(TRACE, 3).withVersion("7");
        assertThat(get(traces().append(first))).isEqualTo(1);

        PersistedTrace trace = load();
        assertThat(trace.head())
                .isEqualTo(new TraceHead(TRACE, WORKFLOW, "7", TraceStatus.RUNNING, first.at(), first.at())
                        .running(writer(TRACE, 1), first.at()));
        assertThat(trace.envelopes()).containsExactly(first);
        assertThat(trace.interventions()).isEmpty();
        assertThat(trace.position()).isEqualTo(1);
        assertThat(trace.lastStep()).isEqualTo(3);
        assertThat(trace.completion()).isNull();
        assertThat(trace.resumedFromStep()).isNull();
        assertThat(trace.lastResumedAt()).isNull();
        assertThat(trace.resumptionCount()).isZero();
    }

    @Test
    void T1_the_first_append_fixes_workflow_version_and_creation_time() {
        append(0);
        get(traces().append(step(TRACE, 1).withVersion("2")));
        get(open().traces().append(step(TRACE, 2).withVersion("3")));

        TraceHead head = load().head();
        assertThat(head.workflow()).isEqualTo(WORKFLOW);
        assertThat(head.version()).isEqualTo(PersistenceEnvelope.FIRST_VERSION);
        assertThat(head.createdAt()).isEqualTo(AT);
        assertThat(head.updatedAt()).isEqualTo(AT);
        assertThat(load().envelopes()).extracting(PersistenceEnvelope::version).containsExactly("1", "2", "3");
    }

    @Test
    void T1_append_emits_the_position_of_its_entry_whatever_stands_before_it() {
        assertThat(append(0)).isEqualTo(1);
        assertThat(append(1)).isEqualTo(2);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertThat(append(2)).isEqualTo(4);
        assertThat(get(traces().resume(TRACE, 0)).position()).isEqualTo(5);
        assertThat(append(1)).isEqualTo(6);
        assertThat(load().position()).isEqualTo(6);
    }

    @Test
    void T1_positions_are_of_a_trace_not_of_the_store() {
        append(0, 1, 2);
        assertThat(get(traces().append(step("trace-2", 0)))).isEqualTo(1);
        assertThat(append(3)).isEqualTo(4);
        assertThat(get(open().traces().append(step("trace-2", 1)))).isEqualTo(2);
    }

    @Test
    void T1_a_new_process_goes_on_where_the_journal_ends() {
        append(0, 1, 2);
        ReactiveStore other = open();
        assertThat(get(other.traces().append(step(TRACE, 3)))).isEqualTo(4);
        assertThat(append(4)).isEqualTo(5);
        assertThat(get(other.traces().append(step(TRACE, 5)))).isEqualTo(6);
    }

    @Test
    void T1_a_long_journal_is_kept_whole() {
        int steps = 700;
        List<Long> positions = get(Flux.range(0, steps)
                .concatMap(step -> traces().append(step(TRACE, step)))
                .collectList());
        assertThat(positions)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, steps).boxed().toList());
        PersistedTrace trace = load(open(), TRACE);
        assertThat(trace.position()).isEqualTo(steps);
        assertThat(trace.envelopes())
                .containsExactlyElementsOf(LongStream.range(0, steps)
                        .mapToObj(step -> step(TRACE, step))
                        .toList());
    }

    @Test
    void T2_another_workflow_is_refused_naming_both() {
        append(0);
        WorkflowMismatchException refusal =
                refused(WorkflowMismatchException.class, traces().append(ofWorkflow("invoice", step(TRACE, 1))));
        assertThat(refusal.recorded()).isEqualTo(WORKFLOW);
        assertThat(refusal.given()).isEqualTo("invoice");
        assertThat(refusal.traceId()).isEqualTo(TRACE);
        assertThat(refusal).hasMessageContaining(WORKFLOW).hasMessageContaining("invoice");
        assertThat(load().position()).isEqualTo(1);
    }

    @Test
    void T2_another_workflow_is_refused_by_a_new_process_too() {
        append(0);
        refused(WorkflowMismatchException.class, open().traces().append(ofWorkflow("invoice", step(TRACE, 1))));
    }

    @Test
    void T2_workflows_differ_by_case_and_spaces() {
        append(0);
        for (String almost : List.of("Order", "ORDER", "order ", " order", "order\u200B")) {
            refused(WorkflowMismatchException.class, traces().append(ofWorkflow(almost, step(TRACE, 1))));
        }
        assertThat(load().position()).isEqualTo(1);
    }

    @Test
    void T2_another_workflow_is_refused_even_for_a_step_on_record() {
        append(0);
        refused(WorkflowMismatchException.class, traces().append(ofWorkflow("invoice", step(TRACE, 0))));
    }

    @Test
    void T2_the_workflow_stays_fixed_after_a_resume_that_keeps_nothing() {
        append(0);
        get(traces().resume(TRACE, -1));
        refused(WorkflowMismatchException.class, traces().append(ofWorkflow("invoice", step(TRACE, 0))));
    }

    @Test
    void T2_another_workflow_is_refused_before_a_lost_claim() {
        append(0);
        get(open().traces().resume(TRACE, 0));
        refused(WorkflowMismatchException.class, traces().append(ofWorkflow("invoice", step(TRACE, 1))));
        refused(ClaimLostException.class, traces().append(step(TRACE, 1)));
    }

    @Test
    void T3_the_same_again_is_absorbed_and_emits_the_position_it_has() {
        append(0, 1, 2);
        assertThat(append(1)).isEqualTo(2);
        assertThat(append(0)).isEqualTo(1);
        assertThat(append(2)).isEqualTo(3);
        assertThat(load().position()).isEqualTo(3);
        assertThat(load().envelopes()).hasSize(3);
    }

    @Test
    void T3_the_same_again_is_absorbed_by_another_process() {
        append(0, 1);
        assertThat(get(open().traces().append(step(TRACE, 0)))).isEqualTo(1);
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void T3_the_same_again_is_absorbed_however_much_came_between() {
        append(0);
        get(Flux.range(1, 300)
                .concatMap(step -> traces().append(step(TRACE, step)))
                .count());
        get(Flux.range(0, 300)
                .flatMap(i -> traces().append(step("other-" + i, 0)), 16)
                .count());
        assertThat(append(0)).isEqualTo(1);
        assertThat(append(150)).isEqualTo(151);
        refused(StepConflictException.class, traces().append(step(TRACE, 0, "node-0", "another result")));
        assertThat(load().position()).isEqualTo(301);
    }

    @Test
    void T3_the_same_payload_is_the_same_whatever_else_differs_and_the_first_record_stays() {
        PersistenceEnvelope first = step(TRACE, 0).withIdempotencyKey("key-1");
        get(traces().append(first));
        PersistenceEnvelope later = PersistenceEnvelope.of(
                        TRACE, WORKFLOW, 0, "node-0", Outcome.SUCCESS, AT.plusSeconds(99))
                .withVersion("2")
                .withPayload(Payload.of(
                        first.payload() == null ? new byte[0] : first.payload().toByteArray(), "text/plain"))
                .withFailure(new Failure("late", null, null));
        assertThat(get(traces().append(later))).isEqualTo(1);
        assertThat(load().envelopes()).containsExactly(first);
    }

    @Test
    void T3_two_without_payload_are_the_same() {
        PersistenceEnvelope started = outcome(TRACE, 0, Outcome.STARTED);
        assertThat(get(traces().append(started))).isEqualTo(1);
        assertThat(get(traces().append(started))).isEqualTo(1);
        assertThat(load().envelopes()).containsExactly(started);
    }

    @Test
    void T3_another_payload_is_a_conflict_that_names_the_step() {
        append(0);
        get(traces().append(step(TRACE, 1).withAttempt(3)));
        StepConflictException refusal = refused(
                StepConflictException.class,
                traces().append(step(TRACE, 1, "node-1", "another result").withAttempt(3)));
        assertThat(refusal.traceId()).isEqualTo(TRACE);
        assertThat(refusal.step()).isEqualTo(1);
        assertThat(refusal.nodeId()).isEqualTo("node-1");
        assertThat(refusal.attempt()).isEqualTo(3);
        assertThat(refusal.position()).isEqualTo(2);
        assertThat(refusal.isTransient()).isFalse();
        refused(
                StepConflictException.class,
                open().traces()
                        .append(step(TRACE, 1, "node-1", "another result").withAttempt(3)));
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void T3_a_payload_and_none_are_different_and_so_are_none_and_an_empty_one() {
        Payload empty = Payload.of(new byte[0], Payload.JSON);
        get(traces().append(step(TRACE, 0)));
        get(traces().append(step(TRACE, 1).withPayload(null)));
        get(traces().append(step(TRACE, 2).withPayload(empty)));
        refused(StepConflictException.class, traces().append(step(TRACE, 0).withPayload(null)));
        refused(StepConflictException.class, traces().append(step(TRACE, 1)));
        refused(StepConflictException.class, traces().append(step(TRACE, 1).withPayload(empty)));
        refused(StepConflictException.class, traces().append(step(TRACE, 2).withPayload(null)));
        assertThat(load().position()).isEqualTo(3);
    }

    @Test
    void T3_another_step_node_attempt_or_outcome_is_another_entry() {
        PersistenceEnvelope first = step(TRACE, 0, "node", "same result");
        assertThat(get(traces().append(first))).isEqualTo(1);
        assertThat(get(traces().append(step(TRACE, 1, "node", "same result")))).isEqualTo(2);
        assertThat(get(traces().append(step(TRACE, 0, "Node", "same result")))).isEqualTo(3);
        assertThat(get(traces().append(first.withAttempt(2)))).isEqualTo(4);
        for (Outcome outcome : List.of(Outcome.STARTED, Outcome.FAULT, Outcome.SKIPPED)) {
            PersistenceEnvelope other = PersistenceEnvelope.of(TRACE, WORKFLOW, 0, "node", outcome, AT);
            get(traces().append(other.withPayload(json("same result"))));
        }
        assertThat(load().position()).isEqualTo(7);
        assertThat(load().envelopes()).hasSize(7);
    }

    @Test
    void T4_append_after_completion_is_refused_whatever_the_end() {
        for (CompletionState state : CompletionState.values()) {
            String traceId = "ended-" + state;
            get(traces().append(step(traceId, 0)));
            ReactiveStore other = open();
            assertThat(load(other, traceId).completion()).isNull();
            run(traces().complete(traceId, end(state)));
            for (ReactiveStore any : List.of(store(), other, open())) {
                TraceCompletedException refusal =
                        refused(TraceCompletedException.class, any.traces().append(step(traceId, 1)));
                assertThat(refusal.state()).isEqualTo(state);
                assertThat(refusal.traceId()).isEqualTo(traceId);
            }
            assertThat(load(store(), traceId).position()).isEqualTo(2);
        }
    }

    @Test
    void T4_even_a_step_on_record_is_refused_after_completion() {
        append(0);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        refused(TraceCompletedException.class, traces().append(step(TRACE, 0)));
        refused(TraceCompletedException.class, open().traces().append(step(TRACE, 0)));
    }

    @Test
    void T4_completion_is_told_before_another_workflow_and_before_a_lost_claim() {
        append(0);
        ReactiveStore other = open();
        get(other.traces().resume(TRACE, 0));
        run(other.traces().complete(TRACE, end(CompletionState.FAULT)));
        refused(TraceCompletedException.class, traces().append(step(TRACE, 1)));
        refused(TraceCompletedException.class, traces().append(ofWorkflow("invoice", step(TRACE, 1))));
        refused(TraceCompletedException.class, traces().append(step(TRACE, 0, "node-0", "another result")));
    }

    @Test
    void T5_steps_arrive_in_any_order_and_load_gives_them_in_journal_order() {
        append(5, 2, Long.MAX_VALUE, 0, 3);
        get(open().traces().append(step(TRACE, 1)));
        assertThat(load().envelopes())
                .extracting(PersistenceEnvelope::step)
                .containsExactly(5L, 2L, Long.MAX_VALUE, 0L, 3L, 1L);
        assertThat(load().lastStep()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void T5_the_order_is_the_position_never_the_clock() {
        List<PersistenceEnvelope> backwards = LongStream.range(0, 5)
                .mapToObj(i -> PersistenceEnvelope.of(
                        TRACE, WORKFLOW, i, "node-" + i, Outcome.SUCCESS, AT.minusSeconds(i * 3_600)))
                .toList();
        backwards.forEach(envelope -> get(traces().append(envelope)));
        assertThat(load().envelopes()).containsExactlyElementsOf(backwards);
        assertThat(load(open(), TRACE).head().createdAt()).isEqualTo(AT);
    }
}
