package io.reactivestore.testkit;

import static io.reactivestore.testkit.Answer.together;
import static io.reactivestore.testkit.Samples.claim;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.ofWorkflow;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.ResumeCursor;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.WorkflowMismatchException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** C7: many threads in several processes get the answers of some order one after another. */
abstract class RaceRules extends Subject {

    private static final int ROUNDS = STRESS ? 500 : 10;
    private static final int CALLERS = 12;

    RaceRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void C7_many_writers_leave_a_journal_without_gaps_and_each_knows_its_place() {
        List<ReactiveStore> stores = List.of(store(), open(), open());
        for (int round = 0; round < Math.max(1, ROUNDS / 3); round++) {
            String traceId = "round-" + round;
            List<PersistenceEnvelope> envelopes = new ArrayList<>();
            List<Mono<?>> calls = new ArrayList<>();
            for (int n = 0; n < 120; n++) {
                PersistenceEnvelope envelope = step(traceId, n);
                envelopes.add(envelope);
                calls.add(stores.get(n % stores.size()).traces().append(envelope));
            }
            List<Answer> answers = together(calls);
            List<JournalEntry> entries = entries(open(), traceId);
            assertThat(entries)
                    .extracting(JournalEntry::position)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 120).boxed().toList());
            for (int n = 0; n < answers.size(); n++) {
                assertThat(answers.get(n).isAccepted()).as("%s", answers.get(n)).isTrue();
                assertThat(entries.get((int) answers.get(n).position() - 1).event())
                        .isEqualTo(recorded(envelopes.get(n)));
            }
            assertThat(load(store(), traceId).envelopes()).containsExactlyInAnyOrderElementsOf(envelopes);
        }
    }

    @Test
    void C7_decisions_notes_and_steps_of_many_processes_all_find_a_place() {
        List<ReactiveStore> stores = List.of(store(), open(), open());
        append(0);
        List<Mono<?>> calls = new ArrayList<>();
        for (int n = 1; n <= 60; n++) {
            ReactiveStore any = stores.get(n % stores.size());
            calls.add(any.traces().append(step(TRACE, n)));
            calls.add(any.traces().saveIntervention(TRACE, decision("d" + n, "node-" + (n % 7))));
        }
        assertThat(together(calls))
                .allSatisfy(answer -> assertThat(answer.refusal()).isNull());
        PersistedTrace trace = load(open(), TRACE);
        assertThat(trace.position()).isEqualTo(121);
        assertThat(trace.envelopes()).hasSize(61);
        assertThat(trace.interventions()).hasSize(60);
    }

    @Test
    void C7_nothing_ever_stands_behind_a_completion() {
        List<ReactiveStore> stores = List.of(store(), open(), open());
        for (int round = 0; round < ROUNDS; round++) {
            String traceId = "round-" + round;
            get(traces().append(step(traceId, 0)));
            List<Mono<?>> calls = new ArrayList<>();
            for (int n = 1; n <= CALLERS; n++) {
                calls.add(stores.get(n % stores.size()).traces().append(step(traceId, n)));
            }
            calls.add(
                    CALLERS / 2,
                    stores.get(round % stores.size()).traces().complete(traceId, end(CompletionState.SUCCESS)));
            List<Answer> answers = together(calls);

            List<JournalEntry> entries = entries(open(), traceId);
            long accepted = answers.stream().filter(Answer::isAccepted).count();
            assertThat(entries).hasSize((int) accepted + 1);
            assertThat(entries.get(entries.size() - 1).event())
                    .as("the last entry of round %d", round)
                    .isEqualTo(completed(CompletionState.SUCCESS));
            assertThat(answers)
                    .filteredOn(answer -> !answer.isAccepted())
                    .allSatisfy(answer -> assertThat(answer.refusal()).isInstanceOf(TraceCompletedException.class));
        }
    }

    @Test
    void C7_of_many_resumers_exactly_one_can_go_on() {
        List<ReactiveStore> stores = List.of(store(), open(), open(), open());
        for (int round = 0; round < ROUNDS; round++) {
            String traceId = "round-" + round;
            get(traces().append(step(traceId, 0)));
            get(traces().append(step(traceId, 1)));
            List<Answer> answers = together(
                    stores.stream().map(any -> any.traces().resume(traceId, 0)).toList());
            List<ResumeCursor> cursors = answers.stream()
                    .map(answer -> (ResumeCursor) Objects.requireNonNull(answer.value()))
                    .toList();
            assertThat(cursors).extracting(ResumeCursor::position).containsExactlyInAnyOrder(3L, 4L, 5L, 6L);
            assertThat(cursors).extracting(ResumeCursor::resumptionCount).containsExactlyInAnyOrder(1, 2, 3, 4);

            List<Answer> going = together(stores.stream()
                    .map(any -> any.traces().append(step(traceId, 1, "node-1", "result of the one that goes on")))
                    .toList());
            for (int i = 0; i < stores.size(); i++) {
                if (cursors.get(i).position() == 6) {
                    assertThat(going.get(i).value()).isEqualTo(7L);
                } else {
                    assertThat(going.get(i).refusal())
                            .isInstanceOfSatisfying(
                                    ClaimLostException.class,
                                    refusal -> assertThat(refusal.position()).isEqualTo(6));
                }
            }
        }
    }

    @Test
    void C7_a_writer_that_is_overtaken_by_a_resumer_leaves_nothing_behind_it() {
        ReactiveStore resumer = open();
        for (int round = 0; round < ROUNDS; round++) {
            String traceId = "round-" + round;
            get(traces().append(step(traceId, 0)));
            List<Mono<?>> calls = new ArrayList<>();
            for (int n = 1; n <= CALLERS; n++) {
                calls.add(traces().append(step(traceId, n)));
            }
            calls.add(CALLERS / 3, resumer.traces().resume(traceId, 0));
            List<Answer> answers = together(calls);

            long takenOverAt = ((ResumeCursor)
                            Objects.requireNonNull(answers.get(CALLERS / 3).value()))
                    .position();
            List<JournalEntry> entries = entries(open(), traceId);
            assertThat(entries).hasSize((int) takenOverAt);
            long before = answers.stream().filter(Answer::isAccepted).count() - 1;
            assertThat(before).isEqualTo(takenOverAt - 2);
            assertThat(answers)
                    .filteredOn(answer -> !answer.isAccepted())
                    .allSatisfy(answer -> assertThat(answer.refusal()).isInstanceOf(ClaimLostException.class));
            assertThat(load(resumer, traceId).envelopes()).containsExactly(step(traceId, 0));
        }
    }

    @Test
    void C7_of_many_claims_at_one_position_one_wins() {
        List<ReactiveStore> stores = List.of(store(), open(), open(), open());
        append(0);
        for (int round = 1; round <= ROUNDS; round++) {
            long end = round;
            List<Mono<?>> claims = new ArrayList<>();
            for (ReactiveStore any : stores) {
                claims.add(journal(any).append(TRACE, end, List.of(claim("engine"))));
            }
            List<Answer> answers = together(claims);
            assertThat(answers).filteredOn(Answer::isAccepted).hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> answer.isRefusedWith(PositionConflictException.class))
                    .hasSize(stores.size() - 1);
        }
        assertThat(load().position()).isEqualTo(ROUNDS + 1);
    }

    @Test
    void C7_a_decision_clicked_by_many_is_one_decision() {
        List<ReactiveStore> stores = List.of(store(), open(), open());
        append(0);
        for (int round = 0; round < ROUNDS; round++) {
            String id = "round-" + round;
            List<Mono<?>> clicks = new ArrayList<>();
            for (int n = 0; n < CALLERS; n++) {
                clicks.add(stores.get(n % stores.size()).traces().saveIntervention(TRACE, decision(id, "node-1")));
            }
            assertThat(together(clicks))
                    .allSatisfy(answer -> assertThat(answer.refusal()).isNull());
        }
        assertThat(load(open(), TRACE).interventions())
                .hasSize(ROUNDS)
                .extracting(record -> record.intervention().id())
                .doesNotHaveDuplicates();
        assertThat(load().position()).isEqualTo(ROUNDS + 1);
    }

    @Test
    void C7_one_step_recorded_by_many_with_one_payload_is_one_entry() {
        List<ReactiveStore> stores = List.of(store(), open(), open());
        for (int round = 0; round < ROUNDS; round++) {
            PersistenceEnvelope same = step(TRACE, round);
            List<Mono<?>> calls = new ArrayList<>();
            for (int n = 0; n < CALLERS; n++) {
                calls.add(stores.get(n % stores.size()).traces().append(same));
            }
            long position = round + 1;
            assertThat(together(calls))
                    .allSatisfy(answer -> assertThat(answer.value()).isEqualTo(position));
        }
        assertThat(load(open(), TRACE).position()).isEqualTo(ROUNDS);
    }

    @Test
    void C7_one_step_recorded_by_many_with_different_payloads_is_the_first_ones() {
        List<ReactiveStore> stores = List.of(store(), open(), open());
        for (int round = 0; round < ROUNDS; round++) {
            long position = round + 1;
            List<PersistenceEnvelope> rivals = new ArrayList<>();
            List<Mono<?>> calls = new ArrayList<>();
            for (int n = 0; n < CALLERS; n++) {
                rivals.add(step(TRACE, round, "node", "result of rival " + n));
                calls.add(stores.get(n % stores.size()).traces().append(rivals.get(n)));
            }
            List<Answer> answers = together(calls);
            assertThat(answers).filteredOn(Answer::isAccepted).hasSize(1);
            for (int n = 0; n < CALLERS; n++) {
                if (answers.get(n).isAccepted()) {
                    assertThat(answers.get(n).position()).isEqualTo(position);
                    assertThat(load(open(), TRACE).envelopes().get(round)).isEqualTo(rivals.get(n));
                } else {
                    assertThat(answers.get(n).refusal())
                            .isInstanceOfSatisfying(
                                    StepConflictException.class,
                                    refusal -> assertThat(refusal.position()).isEqualTo(position));
                }
            }
        }
    }

    @Test
    void C7_of_two_workflows_that_create_one_trace_one_wins() {
        List<ReactiveStore> stores = List.of(store(), open());
        for (int round = 0; round < ROUNDS; round++) {
            String traceId = "round-" + round;
            List<Mono<?>> calls = new ArrayList<>();
            for (int n = 0; n < CALLERS; n++) {
                calls.add(stores.get(n / 2 % 2)
                        .traces()
                        .append(ofWorkflow(n % 2 == 0 ? "even" : "odd", step(traceId, n))));
            }
            List<Answer> answers = together(calls);
            String winner = load(open(), traceId).head().workflow();
            for (int n = 0; n < CALLERS; n++) {
                String given = n % 2 == 0 ? "even" : "odd";
                if (given.equals(winner)) {
                    assertThat(answers.get(n).refusal()).isNull();
                } else {
                    assertThat(answers.get(n).refusal())
                            .isInstanceOfSatisfying(WorkflowMismatchException.class, refusal -> {
                                assertThat(refusal.recorded()).isEqualTo(winner);
                                assertThat(refusal.given()).isEqualTo(given);
                            });
                }
            }
            assertThat(load(open(), traceId).envelopes())
                    .hasSize(CALLERS / 2)
                    .extracting(PersistenceEnvelope::workflow)
                    .containsOnly(winner);
        }
    }

    @Test
    void C7_of_many_ends_the_first_wins() {
        List<ReactiveStore> stores = List.of(store(), open(), open());
        List<CompletionState> states =
                List.of(CompletionState.SUCCESS, CompletionState.CANCELLED, CompletionState.TIMED_OUT);
        for (int round = 0; round < ROUNDS; round++) {
            String traceId = "round-" + round;
            get(traces().append(step(traceId, 0)));
            List<Mono<?>> calls = new ArrayList<>();
            for (int n = 0; n < CALLERS; n++) {
                calls.add(stores.get(n % stores.size())
                        .traces()
                        .complete(traceId, end(states.get(n / 2 % states.size()))));
            }
            List<Answer> answers = together(calls);
            PersistedTrace trace = load(open(), traceId);
            assertThat(trace.position()).isEqualTo(2);
            CompletionState winner = Objects.requireNonNull(trace.completion()).state();
            assertThat(trace.head().status().name()).isEqualTo(winner.name());
            for (int n = 0; n < CALLERS; n++) {
                if (states.get(n / 2 % states.size()) == winner) {
                    assertThat(answers.get(n).refusal()).isNull();
                } else {
                    assertThat(answers.get(n).refusal())
                            .isInstanceOfSatisfying(
                                    TraceCompletedException.class,
                                    refusal -> assertThat(refusal.state()).isEqualTo(winner));
                }
            }
        }
    }

    @Test
    void C7_many_traces_started_at_once_do_not_mix() {
        List<ReactiveStore> stores = List.of(store(), open());
        List<Mono<?>> calls = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            calls.add(stores.get(n % 2).traces().append(step("trace/" + n / 2, n % 2)));
        }
        assertThat(together(calls))
                .allSatisfy(answer -> assertThat(answer.refusal()).isNull());
        ReactiveStore other = open();
        for (int n = 0; n < 100; n++) {
            String traceId = "trace/" + n;
            assertThat(load(other, traceId).envelopes()).containsExactlyInAnyOrder(step(traceId, 0), step(traceId, 1));
        }
    }

    @Test
    void C7_a_refused_caller_does_not_harm_those_who_write_at_the_same_moment() {
        append(0);
        List<Mono<?>> calls = new ArrayList<>();
        for (int n = 1; n <= 40; n++) {
            calls.add(traces().append(step(TRACE, n)));
            calls.add(traces().append(step(TRACE, 0, "node-0", "another result")));
            calls.add(traces().append(step("trace/" + n, 0)));
        }
        List<Answer> answers = together(calls);
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).isAccepted())
                    .as("call %d: %s", i, answers.get(i))
                    .isEqualTo(i % 3 != 1);
        }
        assertThat(load(open(), TRACE).position()).isEqualTo(41);
    }

    @Test
    void C7_an_absorbed_step_is_absorbed_only_while_it_is_valid_in_every_process() {
        append(0, 1);
        ReactiveStore other = open();
        get(other.traces().resume(TRACE, 0));
        assertThat(refused(ClaimLostException.class, traces().append(step(TRACE, 1)))
                        .position())
                .isEqualTo(3);
    }

    @Test
    void C7_a_conflict_is_told_only_while_it_is_valid_in_every_process() {
        append(0, 1);
        ReactiveStore other = open();
        get(other.traces().resume(TRACE, 0));
        refused(ClaimLostException.class, traces().append(step(TRACE, 1, "node-1", "another result")));
    }

    @Test
    void C7_a_step_on_record_is_refused_once_another_process_has_ended_the_trace() {
        append(0, 1);
        run(open().traces().complete(TRACE, end(CompletionState.SUCCESS)));
        refused(TraceCompletedException.class, traces().append(step(TRACE, 1)));
    }

    @Test
    void C7_the_end_another_process_has_replaced_is_not_told_any_more() {
        append(0);
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        run(open().traces().complete(TRACE, end(CompletionState.COMPENSATED)));
        for (Mono<?> call : List.<Mono<?>>of(
                traces().append(step(TRACE, 1)),
                traces().complete(TRACE, end(CompletionState.FAULT)),
                traces().complete(TRACE, end(CompletionState.SUCCESS)))) {
            assertThat(refused(TraceCompletedException.class, call).state()).isEqualTo(CompletionState.COMPENSATED);
        }
    }

    @Test
    void C7_a_fence_that_another_process_has_moved_is_told_where_it_is() {
        append(0);
        ReactiveStore second = open();
        get(second.traces().resume(TRACE, 0));
        assertThat(refused(ClaimLostException.class, traces().append(step(TRACE, 1)))
                        .position())
                .isEqualTo(2);
        get(open().traces().resume(TRACE, 0));
        assertThat(refused(ClaimLostException.class, traces().append(step(TRACE, 1)))
                        .position())
                .isEqualTo(3);
    }

    @Test
    void C7_the_position_another_process_has_reached_can_be_expected() {
        append(0);
        get(open().traces().append(step(TRACE, 1)));
        assertThat(get(journal().append(TRACE, 2, List.of(note("behind the other")))))
                .isEqualTo(3);
        get(open().traces().append(step(TRACE, 2)));
        assertThat(refused(PositionConflictException.class, journal().append(TRACE, 9, List.of(note("nowhere"))))
                        .actual())
                .isEqualTo(4);
    }

    @Test
    void C7_lists_and_steps_of_many_processes_are_never_interleaved_inside_a_list() {
        List<ReactiveStore> stores = List.of(store(), open());
        for (int round = 0; round < ROUNDS; round++) {
            String traceId = "round-" + round;
            get(traces().append(step(traceId, 0)));
            List<JournalEvent> list = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                list.add(recorded(PersistenceEnvelope.of(
                        traceId, Samples.WORKFLOW, 100 + n, "listed", Outcome.SUCCESS, Samples.AT)));
            }
            List<Mono<?>> calls = new ArrayList<>();
            for (int n = 1; n <= 6; n++) {
                calls.add(stores.get(n % 2).traces().append(step(traceId, n)));
                calls.add(journal(stores.get(n % 2)).append(traceId, n, list));
            }
            together(calls);
            List<Long> places = entries(open(), traceId).stream()
                    .filter(entry -> entry.event() instanceof JournalEvent.StepRecorded recorded
                            && recorded.envelope().nodeId().equals("listed"))
                    .map(JournalEntry::position)
                    .toList();
            assertThat(places.size()).isIn(0, 4);
            if (!places.isEmpty()) {
                long first = places.get(0);
                assertThat(places).containsExactly(first, first + 1, first + 2, first + 3);
            }
        }
    }
}
