package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.claim;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.PersistedTrace;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PayloadCorruptedException;
import io.reactivestore.journal.JournalEvent.Claimed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The facet CLAIMS: who was handed a trace takes it over, or finds that it moved on. */
abstract class TakeOverRules extends Subject {

    private static final Instant DUE = AT.plusSeconds(400);

    TakeOverRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void CLAIMS_a_claim_gives_the_trace_with_the_claim_in_it() {
        TraceHead due = waiting();
        ReactiveStore engine = open();
        PersistedTrace claimed = get(claims(engine).claim(due, "engine 2"));
        assertThat(claimed).isEqualTo(load());
        assertThat(claimed.position()).isEqualTo(3);
        assertThat(claimed.claimsSinceProgress()).isEqualTo(1);
        assertThat(entries(open(), TRACE).get(2).event())
                .isInstanceOfSatisfying(
                        Claimed.class, entry -> assertThat(entry.owner()).isEqualTo("engine 2"));
        assertThat(claimed.head().status()).isEqualTo(TraceStatus.RUNNING);
        assertThat(claimed.head().holder()).isEqualTo(writer(TRACE, 3)).isNotEqualTo(writer(TRACE, 1));
        assertThat(claimed.head().dueAt()).isNull();
        assertThat(get(engine.traces().append(step(TRACE, 1)))).isEqualTo(4);
    }

    @Test
    void CLAIMS_a_claim_fences_the_old_writer_off() {
        append(0);
        TraceHead running = load().head();
        ReactiveStore engine = open();
        get(claims(engine).claim(running, "engine 2"));
        assertThat(refused(ClaimLostException.class, traces().append(step(TRACE, 1)))
                        .position())
                .isEqualTo(2);
        refused(ClaimLostException.class, traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(get(engine.traces().append(step(TRACE, 1)))).isEqualTo(3);
    }

    @Test
    void CLAIMS_a_claim_ends_the_reservation() {
        waiting();
        ReactiveStore engine = open();
        TraceHead due = get(claims(engine)
                .due(List.of(Samples.WORKFLOW), DUE, DUE.plusSeconds(1_000), 1)
                .next());
        get(claims(engine).claim(due, "engine 2"));
        assertThat(get(catalog(open()).find(TRACE)).dueAt()).isNull();
    }

    @Test
    void CLAIMS_who_holds_a_trace_may_claim_it_again_and_that_ends_the_reservation_too() {
        ReactiveStore engine = open();
        run(claims(engine).beat("engine", AT, AT));
        get(engine.traces().append(step(TRACE, 0)));
        TraceHead orphan = get(claims(engine)
                .due(List.of(Samples.WORKFLOW), DUE, DUE.plusSeconds(1_000), 1)
                .next());
        assertThat(get(claims(engine).claim(orphan, "engine")).position()).isEqualTo(2);
        assertThat(get(catalog(open()).find(TRACE)).dueAt()).isNull();
    }

    @Test
    void CLAIMS_a_decision_meanwhile_is_claimed_with_the_trace() {
        TraceHead due = waiting();
        ReactiveStore engine = open();
        get(engine.traces().load(TRACE));
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        PersistedTrace claimed = get(claims(engine).claim(due, "engine 2"));
        assertThat(claimed.pendingInterventions()).hasSize(1);
        assertThat(claimed.position()).isEqualTo(4);
    }

    @Test
    void CLAIMS_a_trace_that_another_has_taken_over_is_not_claimed() {
        TraceHead due = waiting();
        get(claims(open()).claim(due, "first"));
        assertThat(claims(open()).claim(due, "second").blockOptional(HANG)).isEmpty();
        assertThat(load().position()).isEqualTo(3);
    }

    @Test
    void CLAIMS_a_trace_that_went_on_by_itself_is_not_claimed() {
        TraceHead due = waiting();
        append(1);
        assertThat(claims(open()).claim(due, "late").blockOptional(HANG)).isEmpty();
        assertThat(append(2)).isEqualTo(4);
    }

    @Test
    void CLAIMS_a_trace_that_runs_no_more_is_not_claimed() {
        append(0);
        TraceHead running = load().head();
        get(journal().append(TRACE, List.of(rest(DUE))));
        assertThat(claims(open()).claim(running, "late").blockOptional(HANG)).isEmpty();
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        TraceHead ended = load().head();
        for (TraceHead head : List.of(running, ended)) {
            assertThat(claims(open()).claim(head, "late").blockOptional(HANG)).isEmpty();
        }
        assertThat(load().position()).isEqualTo(3);
    }

    @Test
    void CLAIMS_an_unknown_trace_is_not_claimed() {
        TraceHead unknown = new TraceHead("unknown", Samples.WORKFLOW, "1", TraceStatus.WAITING, AT, AT);
        assertThat(claims(store()).claim(unknown, "me").blockOptional(HANG)).isEmpty();
        assertThat(traces().load("unknown").blockOptional(HANG)).isEmpty();
    }

    @Test
    void CLAIMS_a_damaged_trace_is_not_claimed() {
        TraceHead due = waiting();
        fixture().corruptPayload(TRACE, 1);
        refused(PayloadCorruptedException.class, claims(open()).claim(due, "me"));
        assertThat(get(claims(open()).positions(List.of(TRACE)))).containsEntry(TRACE, 2L);
    }

    @Test
    void CLAIMS_of_many_claimers_exactly_one_wins() {
        List<ReactiveStore> engines = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            engines.add(open());
        }
        for (int round = 0; round < (STRESS ? 200 : 10); round++) {
            String traceId = "round-" + round;
            get(traces().append(step(traceId, 0)));
            if (round % 2 == 0) {
                get(journal().append(traceId, List.of(rest(DUE))));
            }
            TraceHead due = load(store(), traceId).head();
            List<Answer> answers = Answer.together(engines.stream()
                    .<Mono<?>>map(engine -> claims(engine).claim(due, "racer"))
                    .toList());
            assertThat(answers).allMatch(Answer::isAccepted);
            assertThat(answers).filteredOn(answer -> answer.value() != null).hasSize(1);
            assertThat(entries(store(), traceId))
                    .filteredOn(entry -> entry.event() instanceof Claimed)
                    .hasSize(1);
            ReactiveStore winner = engines.get(answers.indexOf(answers.stream()
                    .filter(answer -> answer.value() != null)
                    .findFirst()
                    .orElseThrow()));
            get(winner.traces().append(step(traceId, 1)));
        }
    }

    @Test
    void CLAIMS_a_claim_among_steps_of_the_old_writer_stands_behind_all_that_were_accepted() {
        for (int round = 0; round < (STRESS ? 200 : 10); round++) {
            String traceId = "round-" + round;
            get(traces().append(step(traceId, 0)));
            TraceHead running = load(store(), traceId).head();
            ReactiveStore engine = open();
            List<Mono<?>> calls = new ArrayList<>();
            for (int step = 1; step <= 8; step++) {
                calls.add(traces().append(step(traceId, step)));
            }
            calls.add(claims(engine).claim(running, "engine 2"));
            List<Answer> answers = Answer.together(calls);
            PersistedTrace claimed =
                    (PersistedTrace) Objects.requireNonNull(answers.get(8).value());
            assertThat(answers.subList(0, 8))
                    .allSatisfy(answer -> assertThat(
                                    answer.isAccepted()
                                            ? answer.position() < claimed.position()
                                            : answer.isRefusedWith(ClaimLostException.class))
                            .isTrue());
            assertThat(load(open(), traceId)).isEqualTo(claimed);
        }
    }

    @Test
    void CLAIMS_a_claim_by_hand_is_a_claim_too() {
        TraceHead due = waiting();
        get(journal(open()).append(TRACE, List.of(claim("by hand"))));
        assertThat(claims(open()).claim(due, "late").blockOptional(HANG)).isEmpty();
    }

    private TraceHead waiting() {
        append(0);
        get(journal().append(TRACE, List.of(rest(DUE))));
        return load().head();
    }
}
