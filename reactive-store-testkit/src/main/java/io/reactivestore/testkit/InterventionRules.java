package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.outcome;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Outcome;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** T8: decisions of people. */
abstract class InterventionRules extends Subject {

    InterventionRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void T8_a_decision_is_on_record_and_pending() {
        append(0);
        Intervention decision = decision("d", "node-1");
        run(traces().saveIntervention(TRACE, decision));
        assertThat(load().interventions()).containsExactly(new InterventionRecord(decision, 2, null, null));
        assertThat(load(open(), TRACE).pendingInterventions()).containsExactly(decision);
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void T8_the_same_id_again_is_absorbed_and_the_first_decision_stays() {
        append(0);
        Intervention first = decision("d", "node-1");
        run(traces().saveIntervention(TRACE, first));
        append(1);
        run(traces().saveIntervention(TRACE, first));
        run(open().traces()
                .saveIntervention(TRACE, Intervention.of("d", "node-2", InterventionAction.FAIL, AT.plusSeconds(900))));
        assertThat(load().position()).isEqualTo(3);
        assertThat(load().interventions()).containsExactly(new InterventionRecord(first, 2, 3L, 1L));
    }

    @Test
    void T8_the_same_id_in_another_trace_is_another_decision() {
        append(0);
        get(traces().append(step("trace-2", 0)));
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        run(traces().saveIntervention("trace-2", decision("d", "node-1")));
        assertThat(load().interventions()).hasSize(1);
        assertThat(load(store(), "trace-2").interventions()).hasSize(1);
    }

    @Test
    void T8_ids_differ_by_case_and_spaces() {
        append(0);
        for (String id : List.of("d", "D", "d ", " d")) {
            run(traces().saveIntervention(TRACE, decision(id, "node-1")));
        }
        assertThat(load().interventions())
                .extracting(record -> record.intervention().id())
                .containsExactly("d", "D", "d ", " d");
    }

    @Test
    void T8_an_unknown_trace_is_not_found() {
        refused(TraceNotFoundException.class, traces().saveIntervention("unknown", decision("d", "node-1")));
    }

    @Test
    void T8_a_completed_trace_refuses_new_decisions_whatever_its_end() {
        for (CompletionState state : CompletionState.values()) {
            String traceId = "ended-" + state;
            get(traces().append(step(traceId, 0)));
            run(traces().complete(traceId, end(state)));
            TraceCompletedException refusal =
                    refused(TraceCompletedException.class, traces().saveIntervention(traceId, decision("d", "node-1")));
            assertThat(refusal.state()).isEqualTo(state);
            assertThat(load(store(), traceId).interventions()).isEmpty();
        }
    }

    @Test
    void T8_a_decision_on_record_is_absorbed_even_after_completion() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        run(open().traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertThat(load().interventions()).hasSize(1);
        assertThat(load().position()).isEqualTo(3);
    }

    @Test
    void T8_it_is_applied_once_by_the_first_envelope_of_its_node_behind_it() {
        append(0, 1);
        Intervention decision = decision("d", "node-1");
        run(traces().saveIntervention(TRACE, decision));
        append(2);
        assertThat(load().interventions()).containsExactly(new InterventionRecord(decision, 3, null, null));
        get(traces().append(step(TRACE, 7, "node-1", "first behind it")));
        get(traces().append(step(TRACE, 8, "node-1", "second behind it")));
        assertThat(load().interventions()).containsExactly(new InterventionRecord(decision, 3, 5L, 7L));
        assertThat(load().pendingInterventions()).isEmpty();
        assertThat(load(open(), TRACE).interventions()).containsExactly(new InterventionRecord(decision, 3, 5L, 7L));
    }

    @Test
    void T8_any_outcome_of_its_node_applies_it_but_a_mere_start() {
        for (Outcome outcome : Outcome.values()) {
            boolean applies = outcome != Outcome.STARTED;
            String traceId = "applied-by-" + outcome;
            get(traces().append(step(traceId, 0)));
            run(traces().saveIntervention(traceId, decision("d", "node-1")));
            get(traces().append(outcome(traceId, 1, outcome)));
            assertThat(load(store(), traceId).interventions())
                    .containsExactly(new InterventionRecord(
                            decision("d", "node-1"), 2, applies ? 3L : null, applies ? 1L : null));
        }
    }

    @Test
    void T8_a_cancel_is_about_the_trace_and_applied_by_no_step() {
        append(0);
        Intervention cancel = Intervention.of("c", Intervention.TRACE, InterventionAction.CANCEL, AT);
        run(traces().saveIntervention(TRACE, cancel));
        append(1, 2);
        assertThat(load(open(), TRACE).pendingInterventions()).containsExactly(cancel);
        assertThat(load().completion()).isNull();
    }

    @Test
    void T8_a_step_that_was_absorbed_applies_nothing() {
        append(0, 1);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        append(1);
        assertThat(load().pendingInterventions()).containsExactly(decision("d", "node-1"));
    }

    @Test
    void T8_one_envelope_applies_the_oldest_that_waits_for_its_node() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("b", "node-1")));
        run(traces().saveIntervention(TRACE, decision("x", "node-9")));
        run(traces().saveIntervention(TRACE, decision("a", "node-1")));
        append(1);
        assertThat(load().interventions())
                .containsExactly(
                        new InterventionRecord(decision("b", "node-1"), 2, 5L, 1L),
                        new InterventionRecord(decision("x", "node-9"), 3, null, null),
                        new InterventionRecord(decision("a", "node-1"), 4, null, null));
        run(traces().append(step(TRACE, 2, "node-1", "again")));
        assertThat(load().interventions().get(2)).isEqualTo(new InterventionRecord(decision("a", "node-1"), 4, 6L, 2L));
    }

    @Test
    void T8_it_stays_applied_when_the_step_that_applied_it_becomes_void() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        append(1);
        assertThat(get(traces().resume(TRACE, 0)).pendingInterventions()).isEmpty();
        assertThat(load().interventions()).containsExactly(new InterventionRecord(decision("d", "node-1"), 2, 3L, 1L));
        append(1);
        assertThat(load().interventions()).containsExactly(new InterventionRecord(decision("d", "node-1"), 2, 3L, 1L));
    }

    @Test
    void T8_it_survives_a_resume_that_keeps_nothing() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-0")));
        assertThat(get(traces().resume(TRACE, -1)).pendingInterventions()).containsExactly(decision("d", "node-0"));
        append(0);
        assertThat(load().interventions()).containsExactly(new InterventionRecord(decision("d", "node-0"), 2, 4L, 0L));
    }

    @Test
    void T8_anybody_may_decide_whoever_holds_the_trace() {
        append(0);
        ReactiveStore holder = open();
        get(holder.traces().resume(TRACE, 0));
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertThat(get(holder.traces().append(step(TRACE, 1))))
                .as("behind the decision")
                .isEqualTo(4);
        assertThat(load().interventions()).containsExactly(new InterventionRecord(decision("d", "node-1"), 3, 4L, 1L));
    }
}
