package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Outcome;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceHeldException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.error.WorkflowMismatchException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The facet JOURNAL: traces that are told anew. */
abstract class ReplaceRules extends Subject {

    /** The stores' clock is the machine's. */
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MICROS);

    ReplaceRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    private static List<JournalEvent> story() {
        return List.of(
                recorded(step(TRACE, 0).withVersion("2")),
                recorded(step(TRACE, 1, "node-1", "another result").withVersion("2")),
                note("why"));
    }

    @Test
    void REPLACE_voids_what_is_on_record_and_tells_the_trace_anew() {
        append(0, 1, 2);
        assertThat(get(journal(open()).replace(TRACE, 3, story()))).isEqualTo(7);

        PersistedTrace trace = load(open(), TRACE);
        assertThat(trace.envelopes())
                .containsExactly(
                        step(TRACE, 0).withVersion("2"),
                        step(TRACE, 1, "node-1", "another result").withVersion("2"));
        assertThat(trace.head().version()).isEqualTo("2");
        assertThat(get(open().require(Capability.CATALOG).find(TRACE))).isEqualTo(trace.head());
        assertThat(entries(open(), TRACE)).hasSize(7);
        assertThat(entries(open(), TRACE).get(0).event()).isEqualTo(recorded(step(TRACE, 0)));
    }

    @Test
    void REPLACE_takes_the_trace_over() {
        append(0, 1);
        ReactiveStore other = open();
        get(journal(other).replace(TRACE, 2, story()));
        refused(ClaimLostException.class, traces().append(step(TRACE, 5)));
        assertThat(get(other.traces().append(step(TRACE, 5)))).isEqualTo(7);
    }

    @Test
    void REPLACE_of_a_trace_that_a_living_engine_runs_is_refused_and_changes_nothing() {
        ReactiveStore engine = open();
        run(claims(engine).beat("engine", NOW.plusSeconds(3_600), NOW));
        get(engine.traces().append(step(TRACE, 0)));
        Seen before = seen(TRACE);
        TraceHeldException refusal = refused(TraceHeldException.class, journal().replace(TRACE, 1, story()));
        assertThat(refusal.holder()).isEqualTo(writer(TRACE, 1));
        assertThat(seen(TRACE)).isEqualTo(before);
        assertThat(get(journal(engine).replace(TRACE, 1, story()))).isEqualTo(5);
    }

    @Test
    void REPLACE_of_a_trace_whose_engine_is_silent_or_has_left_or_let_it_rest_takes_it_over() {
        ReactiveStore engine = open();
        get(engine.traces().append(step(TRACE, 0)));
        for (Mono<Void> silence : List.of(
                claims(engine).beat("engine", NOW.minusSeconds(1), NOW),
                claims(engine).leave(),
                journal(engine).append(TRACE, List.of(rest(NOW))).then())) {
            run(claims(engine).beat("engine", NOW.plusSeconds(3_600), NOW));
            get(engine.traces().resume(TRACE, -1));
            run(silence);
            long position = load(open(), TRACE).position();
            assertThat(get(journal().replace(TRACE, position, story()))).isEqualTo(position + 4);
            refused(ClaimLostException.class, engine.traces().append(step(TRACE, 5)));
        }
    }

    @Test
    void REPLACE_is_refused_if_the_journal_has_moved_on() {
        append(0, 1);
        run(open().traces().saveIntervention(TRACE, decision("d", "node-9")));
        assertThat(refused(PositionConflictException.class, journal().replace(TRACE, 2, story()))
                        .actual())
                .isEqualTo(3);
        assertThat(load().position()).isEqualTo(3);
    }

    @Test
    void REPLACE_of_an_unknown_or_ended_trace_or_by_another_workflow_is_refused() {
        refused(TraceNotFoundException.class, journal().replace(TRACE, 0, story()));
        append(0);
        PersistenceEnvelope foreign =
                PersistenceEnvelope.of(TRACE, "another workflow", 0, "node-0", Outcome.SUCCESS, AT);
        refused(WorkflowMismatchException.class, journal().replace(TRACE, 1, List.of(recorded(foreign))));
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        refused(TraceCompletedException.class, journal().replace(TRACE, 2, story()));
    }

    @Test
    void REPLACE_leaves_decisions_pending_but_those_of_the_nodes_it_tells_of() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d1", "node-1")));
        run(traces().saveIntervention(TRACE, decision("d9", "node-9")));
        get(journal().replace(TRACE, 3, story()));
        assertThat(load(open(), TRACE).interventions())
                .extracting(InterventionRecord::isPending)
                .containsExactly(false, true);
    }

    @Test
    void REPLACE_has_no_limit_of_events() {
        append(0);
        List<JournalEvent> many = new ArrayList<>();
        for (int step = 0; step <= Journal.MAX_EVENTS; step++) {
            many.add(recorded(step(TRACE, step).withVersion("2")));
        }
        assertThat(get(journal().replace(TRACE, 1, many))).isEqualTo(Journal.MAX_EVENTS + 3);
        assertThat(load(open(), TRACE).lastStep()).isEqualTo(Journal.MAX_EVENTS);
    }

    @Test
    void C5_a_story_of_another_form_throws_at_the_call() {
        for (List<JournalEvent> illegal : List.<List<JournalEvent>>of(
                List.of(),
                List.of(note("a")),
                List.of(recorded(step("another", 0))),
                List.of(recorded(step(TRACE, 0)), recorded(step(TRACE, 0))),
                List.of(recorded(step(TRACE, 0)), new JournalEvent.Completed(end(CompletionState.SUCCESS))))) {
            assertThatIllegalArgumentException().isThrownBy(() -> journal().replace(TRACE, 1, illegal));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> journal().replace(TRACE, -1, story()));
    }
}
