package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.json;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** T7: the end of a trace. */
abstract class CompletionRules extends Subject {

    CompletionRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void T7_the_end_is_on_record_with_its_result_its_failure_and_its_time() {
        for (CompletionState state : CompletionState.values()) {
            String traceId = "ended-" + state;
            get(traces().append(step(traceId, 0)));
            Completion completion = new Completion(
                    state, AT.plusSeconds(60), json("the result"), new Failure("some.Error", "why", "where"));
            run(traces().complete(traceId, completion));
            PersistedTrace trace = load(open(), traceId);
            assertThat(trace.completion()).isEqualTo(completion);
            assertThat(trace.position()).isEqualTo(2);
            assertThat(trace.envelopes()).containsExactly(step(traceId, 0));
        }
    }

    @Test
    void T7_the_end_shows_in_the_head() {
        for (CompletionState state : CompletionState.values()) {
            String traceId = "ended-" + state;
            get(traces().append(step(traceId, 0)));
            run(traces().complete(traceId, end(state)));
            assertThat(load(open(), traceId).head())
                    .isEqualTo(new TraceHead(
                            traceId,
                            Samples.WORKFLOW,
                            PersistenceEnvelope.FIRST_VERSION,
                            TraceStatus.of(state),
                            AT,
                            end(state).at()));
        }
    }

    @Test
    void T7_the_first_end_wins_and_another_one_is_refused() {
        for (CompletionState first : CompletionState.values()) {
            for (CompletionState second : CompletionState.values()) {
                if (first == second || (first == CompletionState.FAULT && second == CompletionState.COMPENSATED)) {
                    continue;
                }
                String traceId = first + "-then-" + second;
                get(traces().append(step(traceId, 0)));
                run(traces().complete(traceId, end(first)));
                TraceCompletedException refusal =
                        refused(TraceCompletedException.class, traces().complete(traceId, end(second)));
                assertThat(refusal.state()).as(traceId).isEqualTo(first);
                assertThat(refusal.traceId()).isEqualTo(traceId);
                assertThat(load(store(), traceId).completion()).isEqualTo(end(first));
            }
        }
    }

    @Test
    void T7_the_first_end_wins_in_every_process() {
        append(0);
        ReactiveStore other = open();
        assertThat(load(other, TRACE).completion()).isNull();
        run(traces().complete(TRACE, end(CompletionState.CANCELLED)));
        assertThat(refused(TraceCompletedException.class, other.traces().complete(TRACE, end(CompletionState.SUCCESS)))
                        .state())
                .isEqualTo(CompletionState.CANCELLED);
        run(other.traces().complete(TRACE, end(CompletionState.CANCELLED)));
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void T7_the_same_end_again_is_absorbed_whatever_its_result() {
        for (CompletionState state : CompletionState.values()) {
            String traceId = "ended-" + state;
            get(traces().append(step(traceId, 0)));
            Completion first = end(state).withResult(json("first"));
            run(traces().complete(traceId, first));
            run(traces().complete(traceId, first));
            run(traces().complete(
                            traceId, Completion.of(state, AT.plusSeconds(9)).withResult(json("second"))));
            run(open().traces().complete(traceId, end(state).withFailure(new Failure("late", null, null))));
            run(traces().complete(traceId, state));
            for (ReactiveStore any : List.of(store(), open())) {
                PersistedTrace trace = load(any, traceId);
                assertThat(trace.completion()).isEqualTo(first);
                assertThat(trace.position()).isEqualTo(2);
                assertThat(trace.head().updatedAt()).isEqualTo(first.at());
            }
        }
    }

    @Test
    void T7_only_a_fault_may_be_followed_by_compensated_which_then_is_the_end() {
        append(0);
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        Completion compensated = Completion.of(CompletionState.COMPENSATED, AT.plusSeconds(2_000));
        run(open().traces().complete(TRACE, compensated));

        PersistedTrace trace = load();
        assertThat(trace.completion()).isEqualTo(compensated);
        assertThat(trace.position()).isEqualTo(3);
        assertThat(trace.head().status()).isEqualTo(TraceStatus.COMPENSATED);
        assertThat(trace.head().updatedAt()).isEqualTo(compensated.at());
        run(traces().complete(TRACE, CompletionState.COMPENSATED));
        for (CompletionState other : List.of(CompletionState.FAULT, CompletionState.SUCCESS)) {
            assertThat(refused(TraceCompletedException.class, traces().complete(TRACE, other))
                            .state())
                    .isEqualTo(CompletionState.COMPENSATED);
        }
        assertThat(load().position()).isEqualTo(3);
    }

    @Test
    void T7_a_trace_may_end_compensated_at_once() {
        append(0);
        run(traces().complete(TRACE, CompletionState.COMPENSATED));
        assertThat(load().head().status()).isEqualTo(TraceStatus.COMPENSATED);
    }

    @Test
    void T7_an_unknown_trace_is_not_found() {
        refused(TraceNotFoundException.class, traces().complete("unknown", CompletionState.SUCCESS));
    }

    @Test
    void T7_a_trace_that_a_resume_emptied_can_be_ended() {
        append(0);
        get(traces().resume(TRACE, -1));
        run(traces().complete(TRACE, end(CompletionState.CANCELLED)));
        assertThat(load().completion()).isEqualTo(end(CompletionState.CANCELLED));
    }

    @Test
    void T7_who_lost_the_trace_cannot_follow_a_fault_but_is_absorbed_with_the_same_end() {
        append(0);
        ReactiveStore holder = open();
        get(holder.traces().resume(TRACE, 0));
        run(holder.traces().complete(TRACE, end(CompletionState.FAULT)));
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        refused(ClaimLostException.class, traces().complete(TRACE, end(CompletionState.COMPENSATED)));
        run(holder.traces().complete(TRACE, end(CompletionState.COMPENSATED)));
    }
}
