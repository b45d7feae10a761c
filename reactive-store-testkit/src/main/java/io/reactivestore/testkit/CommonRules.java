package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.claim;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.json;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.ofWorkflow;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.ResumeCursor;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.error.CapabilityMissingException;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.StoreClosedException;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.error.WorkflowMismatchException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** C1, C2, C4 and C5: what holds for every operation. C3, C6 and C7 have homes of their own. */
abstract class CommonRules extends Subject {

    CommonRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void C1_nothing_happens_before_subscription() {
        append(0, 1);
        Seen before = seen(TRACE);
        List<Object> assembled = new ArrayList<>(List.of(
                traces().append(step(TRACE, 2)),
                traces().append(step("new", 0)),
                traces().load(TRACE),
                traces().resume(TRACE, 0),
                traces().complete(TRACE, end(CompletionState.SUCCESS)),
                traces().saveIntervention(TRACE, decision("d", "node-2")),
                store().close()));
        store().find(Capability.JOURNAL).ifPresent(journal -> {
            assembled.add(journal.append(TRACE, 2, List.of(note("never"))));
            assembled.add(journal.append(TRACE, 2, List.of(claim("nobody"))));
            assembled.add(journal.read(TRACE, 0));
            assembled.add(journal.follow(TRACE, 0));
        });
        store().find(Capability.CATALOG).ifPresent(catalog -> assembled.add(catalog.recent(1)));

        // An eager call under way would be overtaken by none of these: they go through the same store, later.
        assertThat(load().position()).isEqualTo(2);
        assertThat(traces().load("new").blockOptional(HANG)).isEmpty();
        assertThat(get(traces().append(step(TRACE, 7)))).isEqualTo(3);
        assertThat(load().position()).isEqualTo(3);
        assertThat(load().envelopes())
                .startsWith(before.trace().orElseThrow().envelopes().get(0));
        assertThat(load().completion()).isNull();
        assertThat(load().interventions()).isEmpty();
        assertThat(load().resumptionCount()).isZero();
        assertThat(assembled).doesNotContainNull();
    }

    @Test
    void C1_a_call_sees_the_store_as_it_is_at_subscription() {
        Mono<PersistedTrace> loading = traces().load(TRACE);
        Mono<Void> completing = traces().complete(TRACE, end(CompletionState.SUCCESS));
        assertThat(loading.blockOptional(HANG)).isEmpty();
        append(0);
        assertThat(get(loading).position()).isEqualTo(1);
        append(1);
        assertThat(get(loading).position()).isEqualTo(2);
        run(completing);
        assertThat(get(loading).completion()).isEqualTo(end(CompletionState.SUCCESS));
    }

    @Test
    void C1_each_subscription_is_one_attempt() {
        Mono<Long> appending = traces().append(step(TRACE, 0));
        Mono<ResumeCursor> resuming = traces().resume(TRACE, -1);

        assertThat(get(appending)).isEqualTo(1);
        assertThat(get(appending)).as("absorbed, T3").isEqualTo(1);
        assertThat(get(resuming).resumptionCount()).isEqualTo(1);
        assertThat(get(resuming).resumptionCount()).isEqualTo(2);
        assertThat(get(appending)).as("void since the resume, so recorded anew").isEqualTo(4);
        assertThat(load().position()).isEqualTo(4);
    }

    @Test
    void C1_who_asks_for_the_answer_long_after_it_has_come_gets_it_all_the_same() {
        append(0);
        for (Mono<?> call : List.of(
                traces().load(TRACE),
                traces().append(step(TRACE, 1)),
                catalog(store()).find(TRACE),
                journal().read(TRACE, 0).next())) {
            StepVerifier.create(call, 0)
                    .then(this::letCallsComeToTheirEnd)
                    .thenRequest(1)
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(HANG);
        }
    }

    private void letCallsComeToTheirEnd() {
        for (int i = 0; i < 50; i++) {
            load();
        }
        awaitNoConnectionInUse();
    }

    @Test
    void C1_each_subscription_to_a_list_is_one_attempt() {
        append(0);
        Mono<Long> noting = journal().append(TRACE, 1, List.of(note("once")));
        assertThat(get(noting)).isEqualTo(2);
        PositionConflictException conflict = refused(PositionConflictException.class, noting);
        assertThat(conflict.actual()).isEqualTo(2);
        assertThat(load().position()).isEqualTo(2);
    }

    @Test
    void C1_each_subscription_to_a_reading_reads_anew() {
        Flux<?> reading = journal().read(TRACE, 0);
        assertThat(get(reading.count())).isZero();
        append(0, 1);
        assertThat(get(reading.count())).isEqualTo(2);
    }

    @Test
    void C2_a_refused_append_changes_nothing() {
        append(0, 1);
        Seen before = seen(TRACE);
        refused(WorkflowMismatchException.class, traces().append(ofWorkflow("other", step(TRACE, 2))));
        assertThat(seen(TRACE)).isEqualTo(before);
        refused(StepConflictException.class, traces().append(step(TRACE, 1, "node-1", "another result")));
        assertThat(seen(TRACE)).isEqualTo(before);

        get(open().traces().resume(TRACE, 1));
        before = seen(TRACE);
        refused(ClaimLostException.class, traces().append(step(TRACE, 2)));
        assertThat(seen(TRACE)).isEqualTo(before);
    }

    @Test
    void C2_a_command_refused_after_the_end_changes_nothing() {
        append(0, 1);
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        Seen before = seen(TRACE);
        refused(TraceCompletedException.class, traces().append(step(TRACE, 2)));
        refused(TraceCompletedException.class, traces().resume(TRACE, 0));
        refused(TraceCompletedException.class, traces().complete(TRACE, end(CompletionState.SUCCESS)));
        refused(TraceCompletedException.class, traces().saveIntervention(TRACE, decision("d", "node-2")));
        assertThat(seen(TRACE)).isEqualTo(before);
    }

    @Test
    void C2_a_refused_resume_changes_nothing() {
        append(0, 1);
        Seen before = seen(TRACE);
        refused(ResumeOutOfRangeException.class, traces().resume(TRACE, 2));
        assertThat(seen(TRACE)).isEqualTo(before);
        append(2);
        assertThat(get(traces().resume(TRACE, 2)).resumptionCount()).isEqualTo(1);
    }

    @Test
    void C2_a_refused_completion_changes_nothing() {
        append(0, 1);
        get(open().traces().resume(TRACE, 1));
        Seen before = seen(TRACE);
        refused(ClaimLostException.class, traces().complete(TRACE, end(CompletionState.SUCCESS)));
        assertThat(seen(TRACE)).isEqualTo(before);
    }

    @Test
    void C2_a_refused_list_changes_nothing() {
        append(0, 1);
        Seen before = seen(TRACE);
        Journal journal = journal();
        refused(
                PositionConflictException.class,
                journal.append(TRACE, 1, List.of(recorded(step(TRACE, 2)), completed(CompletionState.SUCCESS))));
        refused(
                StepConflictException.class,
                journal.append(
                        TRACE,
                        2,
                        List.of(
                                recorded(step(TRACE, 2)),
                                note("between"),
                                recorded(step(TRACE, 1, "node-1", "another result")),
                                completed(CompletionState.SUCCESS))));
        refused(
                WorkflowMismatchException.class,
                journal.append(TRACE, 2, List.of(note("before"), recorded(ofWorkflow("other", step(TRACE, 3))))));
        assertThat(seen(TRACE)).isEqualTo(before);
    }

    @Test
    void C2_a_command_to_an_unknown_trace_creates_none() {
        refused(TraceNotFoundException.class, traces().resume("unknown", -1));
        refused(TraceNotFoundException.class, traces().complete("unknown", end(CompletionState.SUCCESS)));
        refused(TraceNotFoundException.class, traces().saveIntervention("unknown", decision("d", "node-0")));
        Seen seen = seen("unknown");
        assertThat(seen.trace()).isEmpty();
        assertThat(seen.entries()).isEmpty();
        assertThat(seen.head()).isEmpty();
    }

    @Test
    void C2_a_list_refused_at_the_start_of_a_trace_creates_none() {
        refused(PositionConflictException.class, journal().append("new", 1, List.of(recorded(step("new", 0)))));
        refused(TraceNotFoundException.class, journal().append("new", 0, List.of(note("to nobody"))));
        refused(TraceNotFoundException.class, journal().append("new", 0, List.of(claim("me"))));
        refused(TraceNotFoundException.class, journal().append("new", 0, List.of(completed(CompletionState.SUCCESS))));
        Seen seen = seen("new");
        assertThat(seen.trace()).isEmpty();
        assertThat(seen.entries()).isEmpty();
        assertThat(seen.head()).isEmpty();
    }

    @Test
    void C4_an_unknown_trace_is_empty_on_look_up() {
        append(0);
        String likeIt = TRACE.toUpperCase(Locale.ROOT);
        for (String unknown : List.of("unknown", TRACE + " ", " " + TRACE, likeIt, "trace-_", "trace-%", "trace-")) {
            assertThat(traces().load(unknown).blockOptional(HANG)).as(unknown).isEmpty();
        }
    }

    @Test
    void C4_an_unknown_trace_has_an_empty_journal() {
        assertThat(entries(store(), "unknown")).isEmpty();
        assertThat(get(journal().append("unknown", 0, List.of()))).isZero();
        assertThat(traces().load("unknown").blockOptional(HANG)).isEmpty();
    }

    @Test
    void C4_an_unknown_trace_is_not_in_the_catalog() {
        assertThat(catalog(store()).find("unknown").blockOptional(HANG)).isEmpty();
        assertThat(get(catalog(store()).recent(10).count())).isZero();
    }

    @Test
    void C4_a_command_to_an_unknown_trace_is_refused_by_name() {
        List<Mono<?>> commands = List.of(
                traces().resume("unknown", -1),
                traces().resume("unknown", 3),
                traces().complete("unknown", end(CompletionState.SUCCESS)),
                traces().complete("unknown", CompletionState.CANCELLED),
                traces().saveIntervention("unknown", decision("d", "node-0")));
        for (Mono<?> command : commands) {
            TraceNotFoundException refusal = refused(TraceNotFoundException.class, command);
            assertThat(refusal.traceId()).isEqualTo("unknown");
            assertThat(refusal.isTransient()).isFalse();
        }
    }

    @Test
    void C5_an_illegal_trace_id_throws_at_the_call() {
        append(0);
        PersistenceStore traces = traces();
        for (String illegal : Arrays.asList(
                Subject.<String>missing(), "", "x".repeat(256), "a\nb", "a\0", "a\u0085", "\uD83E", "\uDDE8\uD83E")) {
            throwsAtTheCall(() -> traces.load(illegal));
            throwsAtTheCall(() -> traces.resume(illegal, 0));
            throwsAtTheCall(() -> traces.complete(illegal, end(CompletionState.SUCCESS)));
            throwsAtTheCall(() -> traces.complete(illegal, CompletionState.SUCCESS));
            throwsAtTheCall(() -> traces.saveIntervention(illegal, decision("d", "node-0")));
        }
        assertThat(load().position()).isEqualTo(1);
    }

    @Test
    void C5_a_missing_argument_throws_at_the_call() {
        PersistenceStore traces = traces();
        throwsAtTheCall(() -> traces.append(missing()));
        throwsAtTheCall(() -> traces.complete(TRACE, Subject.<Completion>missing()));
        throwsAtTheCall(() -> traces.complete(TRACE, Subject.<CompletionState>missing()));
        throwsAtTheCall(() -> traces.saveIntervention(TRACE, missing()));
        assertThat(traces.load(TRACE).blockOptional(HANG)).isEmpty();
    }

    @Test
    void C5_a_step_below_minus_one_throws_at_the_call() {
        append(0);
        throwsAtTheCall(() -> traces().resume(TRACE, -2));
        throwsAtTheCall(() -> traces().resume(TRACE, Long.MIN_VALUE));
        assertThat(load().resumptionCount()).isZero();
    }

    @Test
    void C5_an_illegal_list_throws_at_the_call() {
        append(0);
        Journal journal = journal();
        JournalEvent first = recorded(step(TRACE, 1));
        List<List<JournalEvent>> illegal = List.of(
                List.of(first, claim("me")),
                List.of(claim("me"), first),
                List.of(claim("me"), claim("me")),
                List.of(completed(CompletionState.SUCCESS), first),
                List.of(completed(CompletionState.FAULT), completed(CompletionState.COMPENSATED)),
                List.of(first, note("between"), first),
                List.of(first, recorded(step(TRACE, 1, "node-1", "another result"))),
                List.of(first, recorded(step("other-trace", 2))),
                List.of(first, recorded(ofWorkflow("other", step(TRACE, 2)))),
                Collections.nCopies(Journal.MAX_EVENTS + 1, note("too many")),
                List.of(new JournalEvent.Resumed(0, AT)),
                List.of(first, new JournalEvent.Resumed(0, AT)),
                List.of(new JournalEvent.Intervened(decision("d", "node-1"))),
                Arrays.asList(first, missing()));
        for (List<JournalEvent> list : illegal) {
            throwsAtTheCall(() -> journal.append(TRACE, 1, list));
        }
        throwsAtTheCall(() -> journal.append(TRACE, 1, missing()));
        throwsAtTheCall(() -> journal.append(TRACE, -1, List.of(first)));
        throwsAtTheCall(() -> journal.append(TRACE, -1, List.of()));
        throwsAtTheCall(() -> journal.append("", 1, List.of(note("to nobody"))));
        throwsAtTheCall(() -> journal.append("x".repeat(256), 0, List.of()));
        assertThat(load().position()).isEqualTo(1);
    }

    @Test
    void C5_an_illegal_reading_throws_at_the_call() {
        Journal journal = journal();
        throwsAtTheCall(() -> journal.read(TRACE, -1));
        throwsAtTheCall(() -> journal.read("", 0));
        throwsAtTheCall(() -> journal.read(missing(), 0));
        throwsAtTheCall(() -> journal.follow(TRACE, -1));
        throwsAtTheCall(() -> journal.follow("a\tb", 0));
    }

    @Test
    void C5_an_illegal_search_throws_at_the_call() {
        Catalog catalog = catalog(store());
        throwsAtTheCall(() -> catalog.find(""));
        throwsAtTheCall(() -> catalog.find(missing()));
        throwsAtTheCall(() -> catalog.recent(0));
        throwsAtTheCall(() -> catalog.recent(-1));
        throwsAtTheCall(() -> catalog.recent(Catalog.MAX_LIMIT + 1));
    }

    @Test
    void C5_the_trouble_of_the_world_arrives_as_a_signal() {
        append(0);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        List<Mono<?>> calls = List.of(
                traces().append(step(TRACE, 1)),
                traces().resume(TRACE, 0),
                traces().resume("unknown", 0),
                traces().complete(TRACE, end(CompletionState.TIMED_OUT)),
                traces().saveIntervention(TRACE, decision("d", "node-1")));
        for (Mono<?> call : calls) {
            assertThat(refused(StoreException.class, call)).hasMessageNotContaining("\"result of");
        }
    }

    @Test
    void C5_a_closed_store_says_so_as_a_signal_and_leaves_other_stores_at_work() {
        append(0);
        ReactiveStore other = open();
        run(store().close());
        run(store().close());
        List<Mono<?>> calls = new ArrayList<>(List.of(
                traces().append(step(TRACE, 1)),
                traces().load(TRACE),
                traces().resume(TRACE, 0),
                traces().complete(TRACE, end(CompletionState.SUCCESS)),
                traces().saveIntervention(TRACE, decision("d", "node-1"))));
        store().find(Capability.JOURNAL).ifPresent(journal -> {
            calls.add(journal.append(TRACE, 1, List.of(note("too late"))));
            calls.add(journal.read(TRACE, 0).next());
            calls.add(journal.follow(TRACE, 0).next());
        });
        store().find(Capability.CATALOG).ifPresent(catalog -> {
            calls.add(catalog.find(TRACE));
            calls.add(catalog.recent(1).next());
        });
        for (Mono<?> call : calls) {
            assertThat(refused(StoreClosedException.class, call).isTransient()).isFalse();
        }
        throwsAtTheCall(() -> traces().load(""));
        assertThat(load(other, TRACE).position()).isEqualTo(1);
        assertThat(get(other.traces().append(step(TRACE, 1)))).isEqualTo(2);
    }

    @Test
    void C5_a_missing_facet_is_refused_with_the_list_of_those_present() {
        Capability<Runnable> unheardOf = new Capability<>("UNHEARD_OF", Runnable.class);
        assertThat(store().find(unheardOf)).isEmpty();
        assertThatThrownBy(() -> store().require(unheardOf))
                .isInstanceOfSatisfying(
                        CapabilityMissingException.class,
                        refusal -> assertThat(refusal.required()).isEqualTo("UNHEARD_OF"));
        for (Capability<?> present : store().capabilities()) {
            assertThat(store().find(present)).as(present.name()).isPresent();
        }
    }

    @Test
    void C5_a_refusal_names_the_trace_and_never_shows_a_payload() {
        append(0);
        StoreException refusal =
                refused(StepConflictException.class, traces().append(step(TRACE, 0, "node-0", "secret-4711")));
        assertThat(refusal.traceId()).isEqualTo(TRACE);
        assertThat(refusal).hasMessageContaining(TRACE);
        assertThat(refusal.toString()).doesNotContain("secret-4711").doesNotContain("result of 0");
        assertThat(json("secret-4711").toString()).doesNotContain("secret-4711");
    }

    private static void throwsAtTheCall(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }
}
