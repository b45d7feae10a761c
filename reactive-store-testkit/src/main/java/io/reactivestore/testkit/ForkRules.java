package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.HOSTILE_ID;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.outcome;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.step;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Custom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The facet JOURNAL: lists behind whatever stands there, and forks. */
abstract class ForkRules extends Subject {

    private static final String COPY = "copy";

    ForkRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void JOURNAL_a_list_may_go_behind_whatever_stands_there() {
        append(0);
        run(open().traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertThat(get(journal().append(TRACE, List.of(recorded(step(TRACE, 1)), note("a")))))
                .isEqualTo(4);
        assertThat(get(journal(open()).append(TRACE, List.of(completed(CompletionState.SUCCESS)))))
                .isEqualTo(5);
        assertThat(load().completion()).isEqualTo(end(CompletionState.SUCCESS));
    }

    @Test
    void JOURNAL_a_list_that_starts_with_a_step_may_create_the_trace() {
        assertThat(get(journal().append(TRACE, List.of(recorded(step(TRACE, 0)), note("a")))))
                .isEqualTo(2);
        assertThat(get(journal().append("late", List.of(recorded(step("late", 9)), recorded(step("late", 2))))))
                .isEqualTo(2);
        refused(TraceNotFoundException.class, journal().append("unknown", List.of(note("a"))));
        refused(TraceNotFoundException.class, journal().append("unknown", List.of(completed(CompletionState.FAULT))));
        assertThat(traces().load("unknown").blockOptional(HANG)).isEmpty();
    }

    @Test
    void JOURNAL_a_list_anywhere_emits_where_its_last_event_stands() {
        append(0, 1, 2);
        assertThat(get(journal().append(TRACE, List.of(note("a"), recorded(step(TRACE, 1))))))
                .isEqualTo(2);
        assertThat(load().position()).isEqualTo(4);
        assertThat(get(journal().append(TRACE, List.of(recorded(step(TRACE, 1)), note("b")))))
                .isEqualTo(5);
        assertThat(get(open().traces().append(step(TRACE, 2)))).isEqualTo(3);
        assertThat(get(journal(open()).append(TRACE, List.of(recorded(step(TRACE, 0)), recorded(step(TRACE, 2))))))
                .isEqualTo(3);
    }

    @Test
    void JOURNAL_an_empty_list_anywhere_emits_where_the_journal_ends() {
        assertThat(get(journal().append(TRACE, List.of()))).isZero();
        append(0, 1);
        assertThat(get(journal().append(TRACE, List.of()))).isEqualTo(2);
        assertThat(get(journal(open()).append(TRACE, List.of()))).isEqualTo(2);
    }

    @Test
    void T11_a_list_anywhere_is_all_or_nothing() {
        append(0);
        List<JournalEvent> refusedAtTheLast =
                List.of(recorded(step(TRACE, 1)), note("a"), recorded(step(TRACE, 0, "node-0", "another result")));
        refused(StepConflictException.class, journal().append(TRACE, refusedAtTheLast));
        ReactiveStore other = open();
        get(other.traces().resume(TRACE, 0));
        refused(ClaimLostException.class, journal().append(TRACE, List.of(recorded(step(TRACE, 1)), note("a"))));
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void T11_lists_anywhere_from_many_are_never_mixed() {
        append(0);
        List<ReactiveStore> stores = List.of(store(), open(), open());
        List<Mono<?>> lists = new ArrayList<>();
        for (int list = 0; list < 12; list++) {
            List<JournalEvent> events = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                events.add(note(list + "/" + n));
            }
            lists.add(journal(stores.get(list % 3)).append(TRACE, events));
        }
        List<Answer> answers = Answer.together(lists);
        List<JournalEntry> entries = entries(open(), TRACE);
        assertThat(entries).hasSize(49);
        for (int list = 0; list < 12; list++) {
            int end = (int) answers.get(list).position();
            for (int n = 0; n < 4; n++) {
                assertThat(entries.get(end - 4 + n).event()).isEqualTo(note(list + "/" + n));
            }
        }
    }

    @Test
    void C5_an_illegal_list_for_anywhere_throws_at_the_call() {
        for (List<JournalEvent> illegal : List.of(
                List.of(completed(CompletionState.SUCCESS), note("a")),
                List.of(Samples.claim("me"), note("a")),
                List.of(recorded(step("another", 0))),
                List.of(recorded(step(TRACE, 0)), recorded(step(TRACE, 0))),
                List.<JournalEvent>of(new JournalEvent.Resumed(0, AT)),
                List.<JournalEvent>of(new JournalEvent.Intervened(decision("d", "n"))))) {
            assertThatIllegalArgumentException().isThrownBy(() -> journal().append(TRACE, illegal));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> journal().fork(TRACE, -1, COPY));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().fork(TRACE, 0, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().fork("", 0, COPY));
    }

    @Test
    void FORK_copies_the_steps_at_or_before_a_step_in_journal_order() {
        get(traces().append(step(TRACE, 2).withVersion("5")));
        append(0, 3);
        get(traces().append(outcome(TRACE, 1, Outcome.FAULT)));
        get(journal().append(TRACE, List.of(note("not copied"))));
        append(1);
        PersistedTrace before = load();
        assertThat(get(journal(open()).fork(TRACE, 2, COPY))).isEqualTo(5);

        PersistedTrace copy = load(store(), COPY);
        assertThat(copy.envelopes())
                .containsExactly(
                        step(COPY, 2).withVersion("5"), step(COPY, 0), outcome(COPY, 1, Outcome.FAULT), step(COPY, 1));
        assertThat(copy.head())
                .isEqualTo(new TraceHead(
                                COPY, Samples.WORKFLOW, "5", TraceStatus.RUNNING, AT.plusSeconds(2), AT.plusSeconds(2))
                        .running(entries(store(), COPY).get(0).writer(), AT.plusSeconds(2)));
        assertThat(copy.completion()).isNull();
        assertThat(load(open(), TRACE)).isEqualTo(before);
    }

    @Test
    void FORK_says_where_it_comes_from() {
        get(traces().append(step(HOSTILE_ID, 4)));
        get(journal().fork(HOSTILE_ID, 4, COPY));
        Custom forked = (Custom) entries(open(), COPY).get(1).event();
        Payload origin = Objects.requireNonNull(forked.payload());
        assertThat(forked.type()).isEqualTo(Journal.FORKED).isEqualTo("reactivestore:forked");
        assertThat(origin.mediaType()).isEqualTo(Payload.JSON);
        assertThat(new String(origin.toByteArray(), UTF_8))
                .isEqualTo(
                        "{\"source\":\"" + HOSTILE_ID.replace("\\", "\\\\").replace("\"", "\\\"") + "\",\"step\":4}");
    }

    @Test
    void FORK_copies_neither_what_is_void_nor_decisions() {
        append(0, 1, 2);
        run(traces().saveIntervention(TRACE, decision("d", "node-9")));
        get(traces().resume(TRACE, 0));
        get(traces().append(step(TRACE, 1, "node-1", "second try")));
        get(journal().fork(TRACE, 1, COPY));
        assertThat(load(open(), COPY).envelopes())
                .containsExactly(step(COPY, 0), step(COPY, 1, "node-1", "second try"));
        assertThat(load(open(), COPY).interventions()).isEmpty();
        assertThat(load(open(), COPY).resumptionCount()).isZero();
    }

    @Test
    void FORK_of_a_trace_that_has_ended_goes_on() {
        append(0, 1);
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        assertThat(get(journal().fork(TRACE, 0, COPY))).isEqualTo(2);
        assertThat(get(traces().append(step(COPY, 1, "node-1", "better")))).isEqualTo(3);
        assertThat(load().completion()).isEqualTo(end(CompletionState.FAULT));
    }

    @Test
    void FORK_to_restart_leaves_out_what_failed_and_begins_now() {
        append(0, 1, 2, 3);
        get(traces().append(outcome(TRACE, 2, Outcome.FAULT)));
        get(journal().restart(TRACE, 3, COPY, Set.of("node-2", "unknown")));
        PersistedTrace copy = load(open(), COPY);
        Instant begun = copy.head().createdAt();
        assertThat(begun).isNotEqualTo(step(TRACE, 0).at());
        assertThat(copy.envelopes()).containsExactly(step(COPY, 0).withAt(begun), step(COPY, 1), step(COPY, 3));
        assertThat(entries(store(), COPY).get(3).event()).isInstanceOf(Custom.class);
        refused(ResumeOutOfRangeException.class, journal().restart(TRACE, 0, "empty", Set.of("node-0")));
        refused(PositionConflictException.class, journal().restart(TRACE, 3, COPY, Set.of()));
        assertThat(traces().load("empty").blockOptional(HANG)).isEmpty();
    }

    @Test
    void FORK_that_keeps_nothing_or_wants_more_than_there_is_is_refused() {
        refused(TraceNotFoundException.class, journal().fork("unknown", 0, COPY));
        append(3, 5);
        ResumeOutOfRangeException beyond =
                refused(ResumeOutOfRangeException.class, journal().fork(TRACE, 6, COPY));
        assertThat(beyond.fromStep()).isEqualTo(6);
        assertThat(beyond.highestStep()).isEqualTo(5);
        assertThat(refused(ResumeOutOfRangeException.class, journal().fork(TRACE, 2, COPY)))
                .hasMessageContaining("'" + TRACE + "'")
                .hasMessageContaining("2");
        assertThat(traces().load(COPY).blockOptional(HANG)).isEmpty();
    }

    @Test
    void FORK_into_a_trace_that_exists_is_refused() {
        append(0, 1);
        get(traces().append(step(COPY, 0)));
        for (String existing : List.of(COPY, TRACE)) {
            PositionConflictException refusal =
                    refused(PositionConflictException.class, journal(open()).fork(TRACE, 0, existing));
            assertThat(refusal.traceId()).isEqualTo(existing);
            assertThat(refusal.expected()).isZero();
        }
        assertThat(load(store(), COPY).position()).isEqualTo(1);
    }

    @Test
    void FORK_of_a_long_trace_is_one_commit() {
        long steps = 2L * Journal.MAX_EVENTS + 10;
        for (long from = 0; from < steps; from += 500) {
            get(journal()
                    .append(
                            TRACE,
                            LongStream.range(from, Math.min(steps, from + 500))
                                    .mapToObj(n -> recorded(step(TRACE, n)))
                                    .toList()));
        }
        List<Answer> answers = Answer.together(
                List.of(journal().fork(TRACE, steps - 1, COPY), journal(open()).fork(TRACE, steps - 1, COPY)));
        assertThat(answers).filteredOn(Answer::isAccepted).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.isRefusedWith(PositionConflictException.class))
                .hasSize(1);
        assertThat(load(open(), COPY).position()).isEqualTo(steps + 1);
        assertThat(load(open(), COPY).envelopes()).hasSize((int) steps);
    }
}
