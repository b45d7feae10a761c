package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.JournalEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Who watches a trace sees all that happens to it, once and in order, from anywhere, at his own pace, up to the end. */
class WatchTest {

    private static final Duration POLL = Duration.ofSeconds(1);

    private final Lab lab = new Lab();
    private final List<TraceUpdate> seen = new ArrayList<>();

    private static final Workflow<String, String> ORDER = Lab.workflow(
            "order",
            (ctx, item) -> ctx.step("pack", String.class, () -> Mono.just(item + " packed"))
                    .flatMap(packed -> ctx.emit("half", 50).thenReturn(packed))
                    .flatMap(packed ->
                            ctx.awaitIntervention("release", String.class).map(released -> packed + ", " + released))
                    .flatMap(text -> ctx.sleep("nap", Duration.ofMinutes(8)).thenReturn(text)));

    private void watch(DurableEngine engine, String traceId) {
        engine.watch(traceId).subscribe(seen::add);
    }

    private <T extends TraceUpdate> T seen(Class<T> kind) {
        return seen.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    private List<String> kinds() {
        return seen.stream().map(update -> update.getClass().getSimpleName()).toList();
    }

    private void decide(DurableEngine engine, String traceId, String node, InterventionAction action, String json) {
        engine.intervene(
                        traceId,
                        Intervention.of(node + "-decided", node, action, lab.clock.instant())
                                .withPayload(json == null ? null : Payload.json(json))
                                .withOperator("ann"))
                .block();
    }

    @Test
    void everything_that_happens_to_a_trace_is_told_in_order_up_to_its_end() {
        DurableEngine engine = lab.engine().register(ORDER).build();
        engine.start(ORDER, "t", "book").block();
        var all = engine.watch("t").collectList().toFuture();
        lab.pass(Duration.ofSeconds(10));
        decide(engine, "t", "release", InterventionAction.SUPPLY, "\"go\"");
        lab.pass(Duration.ofMinutes(9));

        assertThat(all).isDone();
        seen.addAll(all.join());
        assertThat(kinds())
                .containsExactly(
                        "Started",
                        "StepRecorded",
                        "Progress",
                        "Waiting",
                        "Suspended",
                        "Decided",
                        "Claimed",
                        "StepRecorded",
                        "Waiting",
                        "Suspended",
                        "Claimed",
                        "StepRecorded",
                        "Ended");
        assertThat(seen(TraceUpdate.Started.class).input().as(String.class)).isEqualTo("book");
        assertThat(seen(TraceUpdate.StepRecorded.class)).satisfies(step -> {
            assertThat(step.node()).isEqualTo("pack");
            assertThat(step.step()).isEqualTo(1);
            assertThat(step.attempt()).isEqualTo(1);
            assertThat(step.outcome()).isEqualTo(Outcome.SUCCESS);
            assertThat(step.isResult()).isTrue();
            assertThat(step.value().as(String.class)).isEqualTo("book packed");
        });
        assertThat(seen(TraceUpdate.Progress.class)).satisfies(progress -> {
            assertThat(progress.name()).isEqualTo("half");
            assertThat(progress.value().as(Integer.class)).isEqualTo(50);
        });
        assertThat(seen(TraceUpdate.Waiting.class).what()).satisfies(wait -> {
            assertThat(wait.node()).isEqualTo("release");
            assertThat(wait.kind()).isEqualTo(Wait.Kind.DECISION);
            assertThat(wait.type()).isEqualTo("java.lang.String");
        });
        assertThat(seen(TraceUpdate.Decided.class)).satisfies(decided -> {
            assertThat(decided.decision().operator()).isEqualTo("ann");
            assertThat(decided.value().as(String.class)).isEqualTo("go");
        });
        assertThat(seen(TraceUpdate.Ended.class)).satisfies(ended -> {
            assertThat(ended.end().state()).isEqualTo(CompletionState.SUCCESS);
            assertThat(ended.result().as(String.class)).isEqualTo("book packed, go");
        });
    }

    @Test
    void a_watcher_in_another_process_sees_the_same() {
        DurableEngine engine = lab.engine().register(ORDER).build();
        engine.start(ORDER, "t", "book").block();
        DurableEngine elsewhere = lab.engine().build();
        var there = elsewhere.watch("t").collectList().toFuture();
        var here = engine.watch("t").collectList().toFuture();
        lab.pass(Duration.ofSeconds(10));
        decide(engine, "t", "release", InterventionAction.SUPPLY, "\"go\"");
        lab.pass(Duration.ofMinutes(9));
        assertThat(there).isCompletedWithValue(here.join());
    }

    @Test
    void every_position_is_a_place_to_go_on_from_without_gap_or_repetition() {
        DurableEngine engine = lab.engine().register(ORDER).build();
        engine.start(ORDER, "t", "book").block();
        lab.pass(Duration.ofSeconds(10));
        decide(engine, "t", "release", InterventionAction.SUPPLY, "\"go\"");
        lab.pass(Duration.ofMinutes(9));
        seen.addAll(engine.watch("t").collectList().block());
        for (int i = 0; i < seen.size(); i++) {
            assertThat(engine.watch("t", seen.get(i).position()).collectList().block())
                    .isEqualTo(seen.subList(i + 1, seen.size()));
        }
    }

    @Test
    void a_trace_that_has_ended_is_told_and_the_flux_completes_without_waiting() {
        Workflow<String, String> quick = Lab.workflow("quick", (ctx, in) -> Mono.just(in));
        DurableEngine engine = lab.engine().register(quick).build();
        engine.run(quick, "t", "x").block();
        StepVerifier.create(engine.watch("t").map(TraceUpdate::position))
                .expectNext(1L, 2L)
                .verifyComplete();
        StepVerifier.create(engine.watch("t", 2)).verifyComplete();
    }

    @Test
    void an_unknown_trace_and_a_position_nobody_can_have_seen_are_refused() {
        DurableEngine engine = lab.engine().register(ORDER).build();
        StepVerifier.create(engine.watch("nobody"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TraceNotFoundException.class,
                                unknown -> assertThat(unknown.traceId()).isEqualTo("nobody")))
                .verify();
        engine.start(ORDER, "t", "book").block();
        StepVerifier.create(engine.watch("t", 99))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("position 99"))
                .verify();
        assertThatThrownBy(() -> engine.watch("t", -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.watch("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothing_is_read_before_somebody_subscribes() {
        Flux<TraceUpdate> watch = lab.engine().register(ORDER).build().watch("t");
        lab.engine().register(ORDER).build().start(ORDER, "t", "book").block();
        StepVerifier.create(watch.take(1)).expectNextCount(1).verifyComplete();
    }

    @Test
    void a_watcher_who_takes_nothing_holds_neither_the_trace_nor_other_watchers_up() {
        Sinks.Empty<Void> begin = Sinks.empty();
        Workflow<String, String> counting = Lab.workflow(
                "counting",
                (ctx, in) -> ctx.step("begin", Void.class, begin::asMono)
                        .thenMany(Flux.range(1, 5_000).concatMap(i -> ctx.emit("n", i)))
                        .then(Mono.just("counted")));
        DurableEngine engine = lab.engine().register(counting).build();
        var run = engine.run(counting, "t", "x").toFuture();
        BaseSubscriber<TraceUpdate> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(TraceUpdate update) {
                seen.add(update);
            }
        };
        engine.watch("t").subscribe(slow);
        var quick = engine.watch("t").count().toFuture();
        begin.tryEmitEmpty();
        assertThat(run).isCompletedWithValue("counted");
        lab.pass(POLL);
        assertThat(quick).isCompletedWithValue(5_003L);
        assertThat(seen).hasSize(1);
        slow.requestUnbounded();
        lab.pass(POLL);
        assertThat(seen)
                .hasSize(5_003)
                .extracting(TraceUpdate::position)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void a_watcher_who_goes_away_changes_nothing() {
        DurableEngine engine = lab.engine().register(ORDER).build();
        engine.start(ORDER, "t", "book").block();
        Disposable watching = engine.watch("t").subscribe(seen::add);
        lab.pass(POLL);
        watching.dispose();
        int before = seen.size();
        decide(engine, "t", "release", InterventionAction.SUPPLY, "\"go\"");
        lab.pass(Duration.ofMinutes(9));
        assertThat(seen).hasSize(before);
        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.SUCCESS);
    }

    @Test
    void failed_attempts_say_what_follows() {
        Workflow<String, String> failing = Lab.workflow(
                "failing",
                (ctx, in) -> ctx.step(
                        StepOptions.of("call", String.class)
                                .markStart()
                                .retry(RetryPolicy.fixed(2, Duration.ofMinutes(1)))
                                .onFailure(OnFailure.HALT),
                        step -> Mono.error(new IllegalStateException("no"))));
        DurableEngine engine = lab.engine().register(failing).build();
        engine.start(failing, "t", "x").block();
        watch(engine, "t");
        lab.pass(Duration.ofMinutes(2));
        decide(engine, "t", "call", InterventionAction.SKIP, null);
        lab.pass(POLL);

        seen.removeIf(update -> update instanceof TraceUpdate.Suspended || update instanceof TraceUpdate.Claimed);
        assertThat(kinds())
                .containsExactly(
                        "Started",
                        "StepBegun",
                        "StepRecorded",
                        "StepBegun",
                        "StepRecorded",
                        "Decided",
                        "StepRecorded",
                        "Ended");
        assertThat(seen.get(2)).isInstanceOfSatisfying(TraceUpdate.StepRecorded.class, first -> {
            assertThat(first.outcome()).isEqualTo(Outcome.FAULT);
            assertThat(first.isResult()).isFalse();
            assertThat(first.failure().message()).isEqualTo("no");
            assertThat(first.waitsFor().kind()).isEqualTo(Wait.Kind.RETRY);
            assertThat(first.waitsFor().until()).isEqualTo(Lab.START.plus(Duration.ofMinutes(1)));
        });
        assertThat(seen.get(4)).isInstanceOfSatisfying(TraceUpdate.StepRecorded.class, second -> {
            assertThat(second.attempt()).isEqualTo(2);
            assertThat(second.waitsFor().kind()).isEqualTo(Wait.Kind.DECISION);
        });
        assertThat(seen.get(6)).isInstanceOfSatisfying(TraceUpdate.StepRecorded.class, skipped -> {
            assertThat(skipped.outcome()).isEqualTo(Outcome.SKIPPED);
            assertThat(skipped.isResult()).isTrue();
            assertThat(skipped.waitsFor()).isNull();
        });
    }

    @Test
    void a_rewind_and_a_fork_are_told() {
        DurableEngine engine = lab.engine().register(ORDER).build();
        engine.start(ORDER, "t", "book").block();
        engine.resume("t", 0).subscribe();
        engine.fork("t", 1, "u").block();
        watch(engine, "t");
        lab.pass(POLL);
        assertThat(seen(TraceUpdate.Resumed.class).fromStep()).isZero();
        seen.clear();
        watch(engine, "u");
        lab.pass(POLL);
        assertThat(seen(TraceUpdate.Noted.class)).satisfies(fork -> {
            assertThat(fork.type()).isEqualTo("reactivestore:forked");
            assertThat(fork.value().payload().asText()).contains("\"source\":\"t\"");
        });
    }

    @Test
    void taking_steps_back_is_told() {
        Workflow<String, String> trip = Lab.workflow(
                "trip",
                (ctx, in) -> ctx.step(
                                StepOptions.of("flight", String.class).compensate(flight -> Mono.empty()),
                                step -> Mono.just("LH1"))
                        .flatMap(flight ->
                                ctx.step("hotel", String.class, () -> Mono.error(new IllegalStateException("full")))));
        DurableEngine engine = lab.engine().register(trip).build();
        engine.start(trip, "t", "x").block();
        watch(engine, "t");
        lab.pass(POLL);
        assertThat(kinds())
                .containsExactly("Started", "StepRecorded", "StepRecorded", "TakingBack", "StepRecorded", "Ended");
        assertThat(seen(TraceUpdate.TakingBack.class)).satisfies(back -> {
            assertThat(back.how()).isEqualTo(CompletionState.FAULT);
            assertThat(back.nodes()).containsExactly("flight");
        });
        assertThat(seen.get(4))
                .isInstanceOfSatisfying(
                        TraceUpdate.StepRecorded.class,
                        step -> assertThat(step.takesBack()).isEqualTo("flight"));
        assertThat(seen(TraceUpdate.Ended.class).end().state()).isEqualTo(CompletionState.COMPENSATED);
    }

    @Test
    void progress_tells_its_scope_and_repetitions_by_one_name() {
        Workflow<String, String> flow = Lab.workflow(
                "scoped",
                (ctx, in) -> ctx.each(
                                "orders",
                                List.of("7"),
                                item -> item,
                                1,
                                (item, id) -> item.emit("done", 1)
                                        .then(item.emit("done", 2))
                                        .thenReturn(id))
                        .then(Mono.just(in)));
        DurableEngine engine =
                lab.engine().propagate("tenant", String.class).register(flow).build();
        engine.run(flow, "t", "x")
                .contextWrite(context -> context.put("tenant", "acme"))
                .block();
        watch(engine, "t");
        lab.pass(POLL);
        assertThat(kinds()).containsExactly("Started", "Progress", "Progress", "Ended");
        assertThat(seen)
                .filteredOn(TraceUpdate.Progress.class::isInstance)
                .map(TraceUpdate.Progress.class::cast)
                .allSatisfy(progress -> {
                    assertThat(progress.scope()).isEqualTo("orders/7");
                    assertThat(progress.name()).isEqualTo("done");
                })
                .extracting(progress -> progress.value().as(Integer.class))
                .containsExactly(1, 2);
    }

    @Test
    void a_failed_trace_that_was_compensated_later_is_watched_to_its_last_end() {
        var store = lab.newProcess();
        PersistenceEnvelope step = PersistenceEnvelope.of("t", "any", 1, "a", Outcome.STARTED, Lab.START)
                .withPayload(Payload.json("[]"));
        store.traces().append(step).block();
        store.traces()
                .complete("t", Completion.of(CompletionState.FAULT, Lab.START))
                .block();
        store.traces()
                .complete("t", Completion.of(CompletionState.COMPENSATED, Lab.START))
                .block();
        seen.addAll(lab.engine(store).build().watch("t").collectList().block());
        assertThat(kinds()).containsExactly("StepBegun", "Ended", "Ended");
    }

    @Test
    void what_is_told_shows_no_content_to_logs() {
        DurableEngine engine = lab.engine().register(ORDER).build();
        engine.start(ORDER, "t", "secret").block();
        watch(engine, "t");
        lab.pass(POLL);
        assertThat(seen)
                .isNotEmpty()
                .allSatisfy(update -> assertThat(update.toString()).doesNotContain("secret"));
        TraceUpdate.Started started = seen(TraceUpdate.Started.class);
        assertThatThrownBy(() -> started.input().as(Integer.class))
                .isInstanceOfSatisfying(PayloadCodecException.class, misfit -> {
                    assertThat(misfit.traceId()).isEqualTo("t");
                    assertThat(misfit).hasMessageNotContaining("secret");
                });
    }

    @Test
    void positions_are_those_of_the_journal() {
        DurableEngine engine = lab.engine().register(ORDER).build();
        engine.start(ORDER, "t", "book").block();
        watch(engine, "t");
        lab.pass(POLL);
        List<JournalEntry> entries = lab.newProcess()
                .require(Capability.JOURNAL)
                .read("t", 0)
                .collectList()
                .block();
        assertThat(seen).extracting(TraceUpdate::entry).containsExactlyElementsOf(entries);
    }
}
