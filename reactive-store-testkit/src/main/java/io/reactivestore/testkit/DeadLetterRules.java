package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.letter;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.ReactiveStore;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.DeadLetterNotFoundException;
import io.reactivestore.error.DeadLetterStateException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.StoreClosedException;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * The facet DEAD_LETTERS: how a letter comes to be and where it goes. D1: it is there if and only if the entries it left with are.
 * D2: what is refused or absorbed leaves no letter. D3: a trace has one letter at the most. D4: the moves there are. D5: of several
 * who move a letter at once, one succeeds. D8: what a letter tells of may be over, which settles it with the entry that says so.
 */
abstract class DeadLetterRules extends Subject {

    private static final long ANY = Long.MAX_VALUE;
    private static final Instant NOW = AT.plusSeconds(5_000);
    private static final Instant UNTIL = NOW.plusSeconds(60);

    DeadLetterRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheFacet() {
        letters(store());
    }

    @Test
    void D1_a_letter_is_there_with_the_entry_it_left_with() {
        append(0, 1);
        assertThat(get(fail(store(), TRACE, letter(TRACE)))).isEqualTo(3);
        assertThat(load(open(), TRACE).completion()).isEqualTo(end(CompletionState.FAULT));
        assertThat(find(open(), TRACE)).isEqualTo(letter(TRACE));
    }

    @Test
    void D1_a_letter_may_leave_with_any_entry_also_one_that_changes_no_head() {
        append(0);
        get(journal().appendAfter(TRACE, ANY, List.of(note("n")), List.of(new Outgoing.ToDeadLetters(letter(TRACE)))));
        assertThat(find(open(), TRACE)).isEqualTo(letter(TRACE));
        DeadLetter another = letter("another").withFailure(null);
        get(traces().append(step("another", 0)));
        get(journal()
                .appendAfter(
                        "another", ANY, List.of(note("n"), rest(null)), List.of(new Outgoing.ToDeadLetters(another))));
        assertThat(find(open(), "another")).isEqualTo(another);
    }

    @Test
    void D1_every_field_survives() {
        for (DeadLetterCause cause : DeadLetterCause.values()) {
            String traceId = cause == DeadLetterCause.FAULT ? Samples.HOSTILE_ID : "trace of " + cause;
            Instant at = Samples.EXTREME_TIMES.get(cause.ordinal());
            DeadLetter letter = DeadLetter.pending(traceId, traceId, "o'rder", "v\"2", cause, at)
                    .withFailure(new Failure("a.B$C", "héllo 漢字 🧨\n'", "x".repeat(8_000)));
            get(traces().append(step(traceId, 0)));
            get(fail(store(), traceId, letter));
            assertThat(find(open(), traceId)).isEqualTo(letter);
        }
    }

    @Test
    void D1_many_fail_at_once_and_each_has_its_own_letter() {
        int traces = STRESS ? 2_000 : 100;
        List<Mono<?>> failing = new ArrayList<>();
        for (int i = 0; i < traces; i++) {
            String id = "trace-" + i;
            get(traces().append(step(id, 0)));
            failing.add(fail(store(), id, letter(id).withFailure(new Failure(id, null, null))));
        }
        assertThat(Answer.together(failing)).allMatch(Answer::isAccepted);
        for (int i = 0; i < traces; i++) {
            assertThat(find(store(), "trace-" + i).failure()).isEqualTo(new Failure("trace-" + i, null, null));
        }
    }

    @Test
    void D2_what_is_refused_leaves_no_letter() {
        refused(StoreException.class, fail(store(), "unknown", letter("unknown")));
        append(0);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        refused(TraceCompletedException.class, fail(store(), TRACE, letter(TRACE)));
        get(traces().append(step("decided", 0)));
        run(traces().saveIntervention("decided", decision("d", "node-1")));
        refused(
                PositionConflictException.class,
                journal()
                        .appendAfter(
                                "decided",
                                1,
                                List.of(completed(CompletionState.FAULT)),
                                List.of(new Outgoing.ToDeadLetters(letter("decided")))));
        get(traces().append(step("taken over", 0)));
        get(open().traces().resume("taken over", 0));
        refused(ClaimLostException.class, fail(store(), "taken over", letter("taken over")));
        assertThat(all(open())).isEmpty();
    }

    @Test
    void D2_what_is_on_record_already_sends_no_second_letter() {
        append(0);
        get(fail(store(), TRACE, letter(TRACE)));
        DeadLetter settled = get(letters(store()).resolve(TRACE, "by hand", NOW));
        assertThat(get(fail(store(), TRACE, letter(TRACE)))).isEqualTo(2);
        assertThat(get(fail(open(), TRACE, letter(TRACE)))).isEqualTo(2);
        assertThat(find(open(), TRACE)).isEqualTo(settled);
    }

    @Test
    void D2_who_fails_a_trace_that_another_has_failed_meanwhile_leaves_no_letter() {
        ReactiveStore another = open();
        append(0);
        get(another.traces().append(step(TRACE, 1)));
        get(fail(store(), TRACE, letter(TRACE)));
        // knows the trace as it was before
        get(fail(another, TRACE, letter(TRACE)));
        assertThat(find(open(), TRACE).revision()).isEqualTo(1);
    }

    @Test
    void D2_of_two_processes_that_fail_a_trace_the_letter_is_of_the_one_whose_entry_stands() {
        int rounds = STRESS ? 500 : 20;
        ReactiveStore another = open();
        for (int i = 0; i < rounds; i++) {
            String id = "trace-" + i;
            get(traces().append(step(id, 0)));
            List<Mono<?>> failing = new ArrayList<>();
            for (ReactiveStore each : List.of(store(), another)) {
                Failure own = new Failure("by-" + failing.size(), null, null);
                failing.add(fail(each, id, letter(id).withFailure(own), own));
            }
            Answer.together(failing);
            Completion end = Objects.requireNonNull(load(open(), id).completion());
            assertThat(find(open(), id).failure()).isEqualTo(end.failure());
            assertThat(find(open(), id).revision()).isEqualTo(1);
        }
    }

    @Test
    void D3_a_later_letter_of_a_trace_takes_the_place_of_the_one_before() {
        append(0);
        DeadLetter first =
                DeadLetter.pending(TRACE, TRACE, Samples.WORKFLOW, "1", DeadLetterCause.RECOVERY, AT.plusSeconds(800));
        get(journal().appendAfter(TRACE, ANY, List.of(rest(null)), List.of(new Outgoing.ToDeadLetters(first))));
        get(letters(store()).resolve(TRACE, "mended", NOW));
        get(fail(store(), TRACE, letter(TRACE)));
        assertThat(all(open())).containsExactly(letter(TRACE).withRevision(3));
    }

    @Test
    void D3_two_letters_of_one_trace_in_one_commit_leave_the_last() {
        append(0);
        DeadLetter last = letter(TRACE).withFailure(null);
        get(journal()
                .appendAfter(
                        TRACE,
                        ANY,
                        List.of(completed(CompletionState.FAULT)),
                        List.of(new Outgoing.ToDeadLetters(letter(TRACE)), new Outgoing.ToDeadLetters(last))));
        assertThat(all(open())).extracting(letter -> letter.withRevision(1)).containsExactly(last);
    }

    @Test
    void D4_a_letter_is_replayed() {
        DeadLetter pending = pending();
        DeadLetter replaying = get(letters(store()).beginReplay(TRACE, "new", NOW, UNTIL));
        assertThat(replaying).isEqualTo(pending.replaying("new", NOW, UNTIL));
        assertThat(find(open(), TRACE)).isEqualTo(replaying);
        DeadLetter replayed = get(letters(open()).endReplay(replaying, UNTIL));
        assertThat(replayed.state()).isEqualTo(DeadLetterState.REPLAYED);
        assertThat(replayed.replay()).isEqualTo("new");
        assertThat(find(open(), TRACE)).isEqualTo(replayed);
    }

    @Test
    void D4_a_replay_that_did_not_succeed_leaves_the_letter_pending_and_says_why() {
        pending();
        DeadLetter replaying = get(letters(store()).beginReplay(TRACE, "new", NOW, UNTIL));
        DeadLetter back = get(letters(store()).giveUpReplay(replaying, "no such workflow", NOW));
        assertThat(back.state()).isEqualTo(DeadLetterState.PENDING);
        assertThat(back.note()).isEqualTo("no such workflow");
        assertThat(back.replay()).isNull();
        assertThat(find(open(), TRACE)).isEqualTo(back);
        assertThat(get(letters(open()).beginReplay(TRACE, "newer", NOW, UNTIL)).replay())
                .isEqualTo("newer");
    }

    @Test
    void D4_a_letter_is_resolved_with_a_reason() {
        DeadLetter pending = pending();
        DeadLetter resolved = get(letters(store()).resolve(TRACE, "refunded by hand", NOW));
        assertThat(resolved).isEqualTo(pending.moved(DeadLetterState.RESOLVED, NOW, "refunded by hand"));
        assertThat(find(open(), TRACE)).isEqualTo(resolved);
    }

    @Test
    void D4_no_other_move_is_allowed_and_the_refusal_names_both_states() {
        DeadLetters letters = letters(store());
        DeadLetter pending = pending();
        mustBe(DeadLetterState.REPLAYING, DeadLetterState.PENDING, letters.endReplay(pending, NOW));
        mustBe(DeadLetterState.REPLAYING, DeadLetterState.PENDING, letters.giveUpReplay(pending, "why", NOW));
        DeadLetter replaying = get(letters.beginReplay(TRACE, "new", NOW, UNTIL));
        mustBe(DeadLetterState.PENDING, DeadLetterState.REPLAYING, letters.beginReplay(TRACE, "new", NOW, UNTIL));
        mustBe(DeadLetterState.PENDING, DeadLetterState.REPLAYING, letters.resolve(TRACE, "why", NOW));
        DeadLetter replayed = get(letters.endReplay(replaying, NOW));
        refusesAll(letters, replayed);

        get(traces().append(step("resolved", 0)));
        get(fail(store(), "resolved", letter("resolved")));
        refusesAll(letters, get(letters.resolve("resolved", "why", NOW)));
    }

    private static void refusesAll(DeadLetters letters, DeadLetter over) {
        DeadLetterState state = over.state();
        mustBe(DeadLetterState.PENDING, state, letters.beginReplay(over.id(), "new", UNTIL, UNTIL));
        mustBe(DeadLetterState.PENDING, state, letters.resolve(over.id(), "why", NOW));
        mustBe(DeadLetterState.REPLAYING, state, letters.endReplay(over, NOW));
        mustBe(DeadLetterState.REPLAYING, state, letters.giveUpReplay(over, "why", NOW));
        assertThat(get(letters.find(over.id()))).isEqualTo(over);
    }

    @Test
    void D4_a_replay_over_its_time_is_taken_over_and_keeps_the_trace_that_it_named() {
        pending();
        DeadLetter abandoned = get(letters(store()).beginReplay(TRACE, "new", NOW, UNTIL));
        mustBe(
                DeadLetterState.PENDING,
                DeadLetterState.REPLAYING,
                letters(open()).beginReplay(TRACE, "other", UNTIL.minusNanos(1_000), UNTIL));
        DeadLetter takenOver = get(letters(open()).beginReplay(TRACE, "other", UNTIL, UNTIL.plusSeconds(60)));
        assertThat(takenOver.replay()).isEqualTo("new");
        assertThat(takenOver.replayUntil()).isEqualTo(UNTIL.plusSeconds(60));
        mustBe(
                DeadLetterState.REPLAYING,
                DeadLetterState.REPLAYING,
                letters(store()).endReplay(abandoned, UNTIL));
        mustBe(
                DeadLetterState.REPLAYING,
                DeadLetterState.REPLAYING,
                letters(store()).giveUpReplay(abandoned, "why", UNTIL));
        assertThat(get(letters(store()).endReplay(takenOver, UNTIL)).replay()).isEqualTo("new");
    }

    @Test
    void D5_of_many_who_replay_a_letter_at_once_exactly_one_does() {
        int rounds = STRESS ? 200 : 10;
        List<DeadLetters> processes = List.of(letters(store()), letters(open()), letters(open()));
        for (int i = 0; i < rounds; i++) {
            String id = "trace-" + i;
            get(traces().append(step(id, 0)));
            get(fail(store(), id, letter(id)));
            List<Mono<?>> replaying = IntStream.range(0, 9)
                    .<Mono<?>>mapToObj(n -> processes.get(n % processes.size()).beginReplay(id, "new-" + n, NOW, UNTIL))
                    .toList();
            List<Answer> answers = Answer.together(replaying);
            assertThat(answers)
                    .filteredOn(Answer::isAccepted)
                    .hasSize(1)
                    .allMatch(answer -> find(open(), id).equals(answer.value()));
            assertThat(answers)
                    .filteredOn(answer -> !answer.isAccepted())
                    .allMatch(answer -> answer.isRefusedWith(DeadLetterStateException.class));
        }
    }

    @Test
    void D5_of_different_moves_at_once_one_succeeds() {
        int rounds = STRESS ? 200 : 10;
        DeadLetters one = letters(store());
        DeadLetters another = letters(open());
        for (int i = 0; i < rounds; i++) {
            String id = "trace-" + i;
            get(traces().append(step(id, 0)));
            get(fail(store(), id, letter(id)));
            assertThat(Answer.together(
                            List.of(one.beginReplay(id, "new", NOW, UNTIL), another.resolve(id, "why", NOW))))
                    .filteredOn(Answer::isAccepted)
                    .hasSize(1)
                    .allMatch(answer -> find(open(), id).equals(answer.value()));

            String both = "both-" + i;
            get(traces().append(step(both, 0)));
            get(fail(store(), both, letter(both)));
            DeadLetter replaying = get(one.beginReplay(both, "new", NOW, UNTIL));
            assertThat(Answer.together(
                            List.of(one.endReplay(replaying, NOW), another.giveUpReplay(replaying, "why", NOW))))
                    .filteredOn(Answer::isAccepted)
                    .hasSize(1);
        }
    }

    @Test
    void D5_a_letter_moves_while_its_trace_is_written_to() {
        append(0);
        DeadLetter aside =
                DeadLetter.pending(TRACE, TRACE, Samples.WORKFLOW, "1", DeadLetterCause.RECOVERY, AT.plusSeconds(800));
        get(journal().appendAfter(TRACE, ANY, List.of(note("n")), List.of(new Outgoing.ToDeadLetters(aside))));
        List<Mono<?>> calls = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            calls.add(traces().append(step(TRACE, i)));
        }
        calls.add(letters(open()).resolve(TRACE, "why", NOW));
        assertThat(Answer.together(calls)).allMatch(Answer::isAccepted);
        assertThat(load(open(), TRACE).position()).isEqualTo(22);
        assertThat(find(open(), TRACE).state()).isEqualTo(DeadLetterState.RESOLVED);
    }

    @Test
    void D8_a_pending_letter_is_settled_with_the_entry_that_says_so() {
        DeadLetter aside = aside(TRACE);
        get(settle(store(), TRACE));
        assertThat(load(open(), TRACE).completion()).isEqualTo(end(CompletionState.SUCCESS));
        assertThat(find(open(), TRACE)).isEqualTo(aside.moved(DeadLetterState.RESOLVED, NOW, "it went on"));
    }

    @Test
    void D8_no_other_letter_is_settled_and_where_there_is_none_nothing_happens() {
        DeadLetters letters = letters(store());
        aside("replaying");
        DeadLetter replaying = get(letters.beginReplay("replaying", "new", NOW, UNTIL));
        aside("replayed");
        DeadLetter replayed = get(letters.endReplay(get(letters.beginReplay("replayed", "new", NOW, UNTIL)), UNTIL));
        aside("resolved");
        DeadLetter resolved = get(letters.resolve("resolved", "by hand", UNTIL));
        aside("another");
        get(traces().append(step("without", 0)));
        assertThat(Answer.together(Stream.of("replaying", "replayed", "resolved", "without")
                        .<Mono<?>>map(id -> settle(store(), id))
                        .toList()))
                .allMatch(Answer::isAccepted);
        assertThat(find(open(), "replaying")).isEqualTo(replaying);
        assertThat(find(open(), "replayed")).isEqualTo(replayed);
        assertThat(find(open(), "resolved")).isEqualTo(resolved);
        assertThat(find(open(), "another").state()).isEqualTo(DeadLetterState.PENDING);
        assertThat(letters.find("without").blockOptional(HANG)).isEmpty();
        assertThat(load(open(), "without").completion()).isNotNull();
    }

    @Test
    void D8_what_is_refused_settles_nothing() {
        DeadLetter aside = aside(TRACE);
        get(open().traces().resume(TRACE, 0));
        refused(ClaimLostException.class, settle(store(), TRACE));
        assertThat(find(open(), TRACE)).isEqualTo(aside);
    }

    @Test
    void D8_the_last_word_about_a_letter_counts_within_one_commit_too() {
        append(0);
        DeadLetter letter = letter(TRACE);
        Outgoing sent = new Outgoing.ToDeadLetters(letter);
        Outgoing over = new Outgoing.Settled(TRACE, "it went on", NOW);
        get(journal().appendAfter(TRACE, ANY, List.of(note("a")), List.of(sent, over)));
        assertThat(find(open(), TRACE).withRevision(1))
                .isEqualTo(letter.moved(DeadLetterState.RESOLVED, NOW, "it went on")
                        .withRevision(1));
        get(journal().appendAfter(TRACE, ANY, List.of(note("b")), List.of(over, sent)));
        assertThat(find(open(), TRACE).withRevision(1)).isEqualTo(letter);
    }

    private DeadLetter aside(String traceId) {
        DeadLetter letter = DeadLetter.pending(
                traceId, traceId, Samples.WORKFLOW, "1", DeadLetterCause.RECOVERY, AT.plusSeconds(800));
        get(traces().append(step(traceId, 0)));
        get(journal().appendAfter(traceId, ANY, List.of(note("n")), List.of(new Outgoing.ToDeadLetters(letter))));
        return letter;
    }

    private static Mono<Long> settle(ReactiveStore store, String traceId) {
        return journal(store)
                .appendAfter(
                        traceId,
                        ANY,
                        List.of(completed(CompletionState.SUCCESS)),
                        List.of(new Outgoing.Settled(traceId, "it went on", NOW)));
    }

    @Test
    void C1_no_letter_moves_before_subscription() {
        DeadLetter pending = pending();
        DeadLetters letters = letters(store());
        List<Object> assembled = List.of(
                letters.beginReplay(TRACE, "new", NOW, UNTIL),
                letters.resolve(TRACE, "why", NOW),
                letters.find(TRACE),
                letters.counts(),
                letters.list(DeadLetterQuery.all()));
        assertThat(assembled).hasSize(5);
        assertThat(find(open(), TRACE)).isEqualTo(pending);
    }

    @Test
    void C3_a_cancelled_move_happened_or_did_not_and_the_letter_can_be_moved_on() {
        int rounds = STRESS ? 500 : 30;
        for (int i = 0; i < rounds; i++) {
            String id = "trace-" + i;
            get(traces().append(step(id, 0)));
            get(fail(store(), id, letter(id)));
            letters(store()).resolve(id, "cancelled", NOW).subscribe().dispose();
            Answer again = Answer.to(letters(open()).resolve(id, "again", NOW)).block(HANG);
            assertThat(Objects.requireNonNull(again).isAccepted()
                            || again.isRefusedWith(DeadLetterStateException.class))
                    .isTrue();
            assertThat(find(open(), id).state()).isEqualTo(DeadLetterState.RESOLVED);
            assertThat(find(open(), id).note()).isEqualTo(again.isAccepted() ? "again" : "cancelled");
        }
    }

    @Test
    void C4_an_unknown_letter_is_empty_when_looked_up_and_refused_when_moved() {
        append(0);
        assertThat(letters(store()).find(TRACE).blockOptional(HANG)).isEmpty();
        refused(DeadLetterNotFoundException.class, letters(store()).resolve(TRACE, "why", NOW));
        refused(DeadLetterNotFoundException.class, letters(store()).beginReplay("x", "new", NOW, UNTIL));
        refused(DeadLetterNotFoundException.class, letters(store()).endReplay(letter(TRACE), NOW));
    }

    @Test
    void C5_an_illegal_argument_throws_at_the_call() {
        DeadLetters letters = letters(store());
        throwsAtTheCall(() -> letters.find(""));
        throwsAtTheCall(() -> letters.find(missing()));
        throwsAtTheCall(() -> letters.list(missing()));
        throwsAtTheCall(() -> letters.beginReplay("", "new", NOW, UNTIL));
        throwsAtTheCall(() -> letters.beginReplay(TRACE, "", NOW, UNTIL));
        throwsAtTheCall(() -> letters.beginReplay(TRACE, "x".repeat(256), NOW, UNTIL));
        throwsAtTheCall(() -> letters.beginReplay(TRACE, "new", missing(), UNTIL));
        throwsAtTheCall(() -> letters.beginReplay(TRACE, "new", NOW, missing()));
        throwsAtTheCall(() -> letters.resolve(TRACE, " ", NOW));
        throwsAtTheCall(() -> letters.resolve(TRACE, missing(), NOW));
        throwsAtTheCall(() -> letters.endReplay(missing(), NOW));
        throwsAtTheCall(() -> letters.giveUpReplay(letter(TRACE), "", NOW));
        throwsAtTheCall(() -> fail(store(), TRACE, letter("another trace")));
        throwsAtTheCall(() -> journal().appendAfter(TRACE, 0, List.of(note("n")), missing()));
        throwsAtTheCall(() -> new Outgoing.Settled("", "why", NOW));
        throwsAtTheCall(() -> new Outgoing.Settled(TRACE, " ", NOW));
        throwsAtTheCall(() -> new Outgoing.Settled(TRACE, "why", missing()));
        throwsAtTheCall(() -> new Outgoing.ToDeadLetters(
                DeadLetter.pending("x", TRACE, Samples.WORKFLOW, "1", DeadLetterCause.FAULT, NOW)));
    }

    @Test
    void D4_a_closed_store_moves_nothing() {
        pending();
        ReactiveStore closed = open();
        DeadLetters letters = letters(closed);
        run(closed.close());
        refused(StoreClosedException.class, letters.find(TRACE));
        refused(StoreClosedException.class, letters.list(DeadLetterQuery.all()).collectList());
        refused(StoreClosedException.class, letters.counts());
        refused(StoreClosedException.class, letters.resolve(TRACE, "why", NOW));
        assertThat(find(open(), TRACE).state()).isEqualTo(DeadLetterState.PENDING);
    }

    private static void throwsAtTheCall(Runnable call) {
        assertThatIllegalArgumentException().isThrownBy(call::run);
    }

    private static void mustBe(DeadLetterState required, DeadLetterState found, Mono<?> move) {
        DeadLetterStateException refusal = refused(DeadLetterStateException.class, move);
        assertThat(refusal.required()).isEqualTo(required);
        assertThat(refusal.found()).isEqualTo(found);
        assertThat(refusal).hasMessageContaining(required.name()).hasMessageContaining(found.name());
        assertThat(refusal.isTransient()).isFalse();
    }

    private DeadLetter pending() {
        append(0);
        get(fail(store(), TRACE, letter(TRACE)));
        return letter(TRACE);
    }

    private static Mono<Long> fail(ReactiveStore store, String traceId, DeadLetter letter) {
        return fail(store, traceId, letter, null);
    }

    private static Mono<Long> fail(ReactiveStore store, String traceId, DeadLetter letter, @Nullable Failure why) {
        List<JournalEvent> events =
                List.of(new JournalEvent.Completed(end(CompletionState.FAULT).withFailure(why)));
        return journal(store).appendAfter(traceId, ANY, events, List.of(new Outgoing.ToDeadLetters(letter)));
    }

    private static DeadLetter find(ReactiveStore store, String id) {
        return get(letters(store).find(id));
    }

    private static List<DeadLetter> all(ReactiveStore store) {
        return get(letters(store).list(DeadLetterQuery.all()).collectList());
    }
}
