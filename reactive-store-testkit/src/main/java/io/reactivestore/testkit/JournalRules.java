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
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** T11 and the facet JOURNAL. */
abstract class JournalRules extends Subject {

    JournalRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void T11_a_list_is_written_whole_and_emits_where_the_journal_ends() {
        List<JournalEvent> events = List.of(
                recorded(step(TRACE, 0)), note("a"), recorded(step(TRACE, 1)), completed(CompletionState.SUCCESS));
        assertThat(get(journal().append(TRACE, 0, events))).isEqualTo(4);
        assertThat(entries(open(), TRACE)).extracting(JournalEntry::event).containsExactlyElementsOf(events);
        assertThat(load().head())
                .isEqualTo(new TraceHead(
                        TRACE,
                        Samples.WORKFLOW,
                        PersistenceEnvelope.FIRST_VERSION,
                        TraceStatus.SUCCESS,
                        Samples.AT,
                        end(CompletionState.SUCCESS).at()));
        assertThat(load().completion()).isEqualTo(end(CompletionState.SUCCESS));
    }

    @Test
    void T11_a_list_refused_at_its_last_event_writes_none_of_them() {
        append(0);
        List<JournalEvent> events = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            events.add(recorded(step(TRACE, i)));
        }
        events.add(recorded(step(TRACE, 0, "node-0", "another result")));
        refused(StepConflictException.class, journal().append(TRACE, 1, events));
        assertThat(entries(open(), TRACE)).hasSize(1);
        assertThat(append(1)).isEqualTo(2);
    }

    @Test
    void T11_two_lists_at_one_position_are_never_mixed() {
        append(0);
        List<ReactiveStore> stores = List.of(store(), open(), open());
        for (int round = 0; round < 10; round++) {
            String traceId = "round-" + round;
            get(traces().append(step(traceId, 0)));
            List<Mono<?>> lists = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int list = i;
                lists.add(journal(stores.get(i % stores.size()))
                        .append(
                                traceId,
                                1,
                                IntStream.range(0, 5)
                                        .mapToObj(n -> note(list + "/" + n))
                                        .toList()));
            }
            List<Answer> answers = Answer.together(lists);
            assertThat(answers).filteredOn(Answer::isAccepted).hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> answer.isRefusedWith(PositionConflictException.class))
                    .hasSize(5);
            int winner = answers.indexOf(
                    answers.stream().filter(Answer::isAccepted).findFirst().orElseThrow());
            assertThat(answers.get(winner).position()).isEqualTo(6);
            assertThat(entries(open(), traceId).subList(1, 6))
                    .extracting(JournalEntry::event)
                    .containsExactlyElementsOf(IntStream.range(0, 5)
                            .mapToObj(n -> note(winner + "/" + n))
                            .toList());
            assertThat(load(store(), traceId).position()).isEqualTo(6);
        }
    }

    @Test
    void T11_a_long_list_is_written_whole() {
        List<JournalEvent> events = LongStream.range(0, Journal.MAX_EVENTS)
                .mapToObj(n -> recorded(step(TRACE, n)))
                .toList();
        assertThat(get(journal().append(TRACE, 0, events))).isEqualTo(Journal.MAX_EVENTS);
        assertThat(entries(open(), TRACE)).extracting(JournalEntry::event).containsExactlyElementsOf(events);
    }

    @Test
    void JOURNAL_an_append_elsewhere_than_at_the_end_is_refused_naming_both_positions() {
        append(0, 1);
        for (long elsewhere : new long[] {0, 1, 3, Long.MAX_VALUE - 1}) {
            PositionConflictException refusal =
                    refused(PositionConflictException.class, journal().append(TRACE, elsewhere, List.of(note("lost"))));
            assertThat(refusal.traceId()).isEqualTo(TRACE);
            assertThat(refusal.expected()).isEqualTo(elsewhere);
            assertThat(refusal.actual()).isEqualTo(2);
            assertThat(refusal.isTransient()).isFalse();
        }
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void JOURNAL_an_append_expects_the_end_that_every_process_sees() {
        append(0);
        ReactiveStore other = open();
        assertThat(get(journal(other).append(TRACE, 1, List.of(note("a"))))).isEqualTo(2);
        assertThat(get(journal().append(TRACE, 2, List.of(note("b"))))).isEqualTo(3);
        assertThat(get(journal(other).append(TRACE, 3, List.of(note("c"))))).isEqualTo(4);
        assertThat(refused(PositionConflictException.class, journal().append(TRACE, 3, List.of(note("d"))))
                        .actual())
                .isEqualTo(4);
    }

    @Test
    void JOURNAL_the_position_is_checked_before_anything_else() {
        append(0);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        refused(PositionConflictException.class, journal().append(TRACE, 1, List.of(recorded(step(TRACE, 1)))));
        refused(PositionConflictException.class, journal().append("unknown", 7, List.of(note("to nobody"))));
    }

    @Test
    void JOURNAL_an_empty_list_emits_where_the_journal_ends_and_creates_nothing() {
        assertThat(get(journal().append("unknown", 0, List.of()))).isZero();
        assertThat(get(journal().append("unknown", 5, List.of()))).isZero();
        assertThat(traces().load("unknown").blockOptional(HANG)).isEmpty();
        append(0, 1);
        assertThat(get(journal().append(TRACE, 2, List.of()))).isEqualTo(2);
        assertThat(get(journal().append(TRACE, 0, List.of()))).isEqualTo(2);
        get(open().traces().append(step(TRACE, 2)));
        assertThat(get(journal().append(TRACE, 2, List.of())))
                .as("what another process appended is seen")
                .isEqualTo(3);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(get(journal().append(TRACE, 0, List.of()))).isEqualTo(4);
    }

    @Test
    void JOURNAL_steps_on_record_are_absorbed_and_the_others_written() {
        append(0, 1);
        List<JournalEvent> events =
                List.of(recorded(step(TRACE, 1)), recorded(step(TRACE, 2)), recorded(step(TRACE, 0)), note("n"));
        assertThat(get(journal().append(TRACE, 2, events))).isEqualTo(4);
        assertThat(entries(store(), TRACE).subList(2, 4))
                .extracting(JournalEntry::event)
                .containsExactly(events.get(1), events.get(3));
        assertThat(get(journal().append(TRACE, 4, List.of(recorded(step(TRACE, 0))))))
                .as("all absorbed: nothing is written")
                .isEqualTo(4);
    }

    @Test
    void JOURNAL_custom_events_are_kept_and_the_fold_passes_them_over() {
        append(0);
        JournalEvent bare = new JournalEvent.Custom("bare", null, Samples.AT);
        assertThat(get(journal().append(TRACE, 1, List.of(note("a"), note("a"), bare))))
                .isEqualTo(4);
        assertThat(load().envelopes()).containsExactly(step(TRACE, 0));
        assertThat(load().position()).isEqualTo(4);
        assertThat(load().interventions()).isEmpty();
        assertThat(load().head().updatedAt()).isEqualTo(Samples.AT);
        assertThat(append(1)).isEqualTo(5);
        assertThat(entries(open(), TRACE).get(3).event()).isEqualTo(bare);
    }

    @Test
    void JOURNAL_a_custom_event_is_no_progress_and_is_never_void() {
        append(0, 1);
        get(journal().append(TRACE, 2, List.of(note("a"))));
        get(traces().resume(TRACE, 0));
        get(journal().append(TRACE, 4, List.of(note("b"))));
        assertThat(load().resumedFromStep()).isZero();
        assertThat(entries(store(), TRACE)).hasSize(5);
    }

    @Test
    void JOURNAL_nothing_is_appended_behind_the_end_of_a_trace() {
        append(0);
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        refused(TraceCompletedException.class, journal().append(TRACE, 2, List.of(note("late"))));
        refused(TraceCompletedException.class, journal().append(TRACE, 2, List.of(recorded(step(TRACE, 0)))));
        refused(
                TraceCompletedException.class,
                journal().append(TRACE, 2, List.of(completed(CompletionState.CANCELLED))));
        assertThat(get(journal().append(TRACE, 2, List.of(completed(CompletionState.FAULT)))))
                .as("absorbed, T7")
                .isEqualTo(2);
        assertThat(get(journal().append(TRACE, 2, List.of(completed(CompletionState.COMPENSATED)))))
                .isEqualTo(3);
        assertThat(load().head().status()).isEqualTo(TraceStatus.COMPENSATED);
    }

    @Test
    void JOURNAL_entries_stand_at_1_2_3_and_name_trace_and_writer() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        ReactiveStore other = open();
        get(journal(other).append(TRACE, 2, List.of(claim("other"))));
        get(other.traces().resume(TRACE, 0));
        run(other.traces().complete(TRACE, end(CompletionState.SUCCESS)));

        List<JournalEntry> entries = entries(store(), TRACE);
        assertThat(entries).extracting(JournalEntry::position).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(entries).extracting(JournalEntry::traceId).containsOnly(TRACE);
        assertThat(entries)
                .<Object>extracting(entry -> entry.event().getClass())
                .containsExactly(
                        JournalEvent.StepRecorded.class,
                        JournalEvent.Intervened.class,
                        JournalEvent.Claimed.class,
                        JournalEvent.Resumed.class,
                        JournalEvent.Completed.class);
        long first = entries.get(0).writer();
        long second = entries.get(2).writer();
        assertThat(second).isNotEqualTo(first);
        assertThat(entries).extracting(JournalEntry::writer).containsExactly(first, first, second, second, second);
        assertThat(entries(other, TRACE)).isEqualTo(entries);
    }

    @Test
    void JOURNAL_reading_starts_behind_the_position_and_ends_at_the_end() {
        append(0, 1, 2);
        List<JournalEntry> all = entries(store(), TRACE);
        for (int after = 0; after <= 3; after++) {
            assertThat(get(journal().read(TRACE, after).collectList())).isEqualTo(all.subList(after, 3));
        }
        assertThat(get(journal().read(TRACE, 4).collectList())).isEmpty();
        assertThat(get(journal().read(TRACE, Long.MAX_VALUE).collectList())).isEmpty();
    }

    @Test
    void JOURNAL_reading_pages_through_a_long_journal_on_demand() {
        int end = writeLong();
        StepVerifier.Step<JournalEntry> verifier =
                StepVerifier.create(journal(open()).read(TRACE, 0), 0);
        long position = 0;
        for (int demand : new int[] {1, 1, 2, 7, 64, 181, 1, 255, 256, 257, 1}) {
            verifier = verifier.thenRequest(demand);
            for (int i = 0; i < demand; i++) {
                long expected = ++position;
                verifier = verifier.expectNextMatches(entry -> entry.position() == expected);
            }
        }
        verifier.thenRequest(Long.MAX_VALUE)
                .expectNextCount(end - position)
                .expectComplete()
                .verify(HANG);
    }

    @Test
    void JOURNAL_a_reader_may_stop_anywhere() {
        int end = writeLong();
        for (int stop : new int[] {1, 2, 255, 256, 257, end}) {
            assertThat(get(journal().read(TRACE, 0).take(stop).count())).isEqualTo(stop);
            awaitNoConnectionInUse();
        }
    }

    @Test
    void JOURNAL_no_connection_is_held_between_two_demands() {
        writeLong();
        StepVerifier.create(journal().read(TRACE, 0), 0)
                .thenRequest(1)
                .expectNextCount(1)
                .then(this::awaitNoConnectionInUse)
                .thenRequest(300)
                .expectNextCount(300)
                .then(this::awaitNoConnectionInUse)
                .thenCancel()
                .verify(HANG);
    }

    @Test
    void JOURNAL_a_slow_reader_sees_no_gap_when_the_journal_grows() {
        int end = writeLong();
        List<JournalEntry> read = new ArrayList<>();
        StepVerifier.create(journal().read(TRACE, 0).doOnNext(read::add), 0)
                .thenRequest(10)
                .expectNextCount(10)
                .then(() -> append(10_001, 10_002))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(entry -> true)
                .expectComplete()
                .verify(HANG);
        assertThat(read.size()).isBetween(end, end + 2);
        assertThat(read)
                .extracting(JournalEntry::position)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, read.size()).boxed().toList());
    }

    @Test
    void JOURNAL_a_follower_gets_what_is_there_and_what_comes_from_any_process_without_gap_or_repetition() {
        append(0, 1, 2);
        ReactiveStore other = open();
        int more = 100;
        var following = journal(open())
                .follow(TRACE, 1)
                .takeUntil(entry -> entry.position() >= 3 + more)
                .collectList()
                .toFuture();
        get(Flux.range(0, more)
                .concatMap(n -> (n % 2 == 0 ? store() : other).traces().append(step(TRACE, 100 + n)))
                .count());
        assertThat(get(Mono.fromFuture(following)))
                .isEqualTo(entries(store(), TRACE).subList(1, 3 + more));
    }

    @Test
    void JOURNAL_a_follower_may_come_before_the_trace_and_sees_every_kind_of_entry() {
        var following = journal(open())
                .follow(TRACE, 0)
                .takeUntil(entry -> entry.event() instanceof JournalEvent.Completed)
                .collectList()
                .toFuture();
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        get(traces().resume(TRACE, -1));
        get(journal().append(TRACE, 3, List.of(claim("me"))));
        get(journal().append(TRACE, 4, List.of(note("n"))));
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(get(Mono.fromFuture(following))).isEqualTo(entries(store(), TRACE));
    }

    @Test
    void JOURNAL_a_follower_asks_only_for_what_it_takes() {
        int end = writeLong();
        StepVerifier.create(journal().follow(TRACE, 0), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .then(this::awaitNoConnectionInUse)
                .thenRequest(end - 4L)
                .thenConsumeWhile(entry -> entry.position() < end - 1)
                .thenRequest(1)
                .expectNextMatches(entry -> entry.position() == end)
                .then(() -> append(20_000))
                .thenRequest(1)
                .expectNextMatches(entry -> entry.position() == end + 1)
                .thenCancel()
                .verify(HANG);
    }

    private int writeLong() {
        int end = 1_100;
        for (int start = 0; start < end; start += 550) {
            get(journal()
                    .append(
                            TRACE,
                            start,
                            LongStream.range(start, start + 550L)
                                    .mapToObj(n -> recorded(step(TRACE, n)))
                                    .toList()));
        }
        return end;
    }
}
