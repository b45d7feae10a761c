package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Payload;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** An engine holds no more traces than it may, whoever comes waits for a while, and no permit is ever lost. */
class PermitTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects(lab.time);
    private final Sinks.One<String> outside = Sinks.one();
    private final Workflow<String, String> slow =
            Lab.workflow("slow", (ctx, input) -> ctx.step("slow", String.class, outside::asMono));
    private final Workflow<String, String> waiting = Workflows.waiting(world);
    private final Workflow<String, String> sequence = Workflows.sequence(world);
    private final DurableEngine engine = engine(1);

    private DurableEngine engine(int permits) {
        return lab.engine()
                .maxLiveTraces(permits)
                .maxWait(Duration.ofSeconds(10))
                .register(slow)
                .register(waiting)
                .register(sequence)
                .build();
    }

    private void hasRoom() {
        StepVerifier.create(engine.run(sequence, "room", "x"))
                .expectNext("xabc")
                .verifyComplete();
    }

    @Test
    void a_start_waits_in_turn() {
        engine.run(slow, "t", "x").subscribe();
        CompletableFuture<String> second = engine.run(sequence, "u", "x").toFuture();
        CompletableFuture<String> third = engine.run(sequence, "v", "x").toFuture();
        lab.pass(Duration.ofSeconds(9));
        assertThat(second).isNotDone();
        StepVerifier.create(lab.newProcess().traces().load("u")).verifyComplete();

        outside.tryEmitValue("done");

        assertThat(second).isCompletedWithValue("xabc");
        assertThat(third).isCompletedWithValue("xabc");
        hasRoom();
    }

    @Test
    void who_waits_too_long_is_told_so_and_nothing_is_started() {
        engine.run(slow, "t", "x").subscribe();
        CompletableFuture<String> second = engine.run(sequence, "u", "x").toFuture();
        lab.pass(Duration.ofSeconds(10));

        StepVerifier.create(Mono.fromFuture(second)).verifyError(EngineOverloadedException.class);
        outside.tryEmitValue("done");
        StepVerifier.create(lab.newProcess().traces().load("u")).verifyComplete();
        hasRoom();
    }

    @Test
    void who_goes_away_while_waiting_costs_no_permit() {
        engine.run(slow, "t", "x").subscribe();
        Disposable second = engine.run(sequence, "u", "x").subscribe();
        second.dispose();
        outside.tryEmitValue("done");
        hasRoom();
    }

    @Test
    void several_who_ask_for_one_trace_wait_for_one_permit() {
        engine.run(slow, "t", "x").subscribe();
        CompletableFuture<String> second = engine.run(sequence, "u", "x").toFuture();
        CompletableFuture<String> again = engine.run(sequence, "u", "x").toFuture();
        CompletableFuture<String> wrong = engine.run(sequence, "u", "y").toFuture();
        outside.tryEmitValue("done");

        assertThat(second).isCompletedWithValue("xabc");
        assertThat(again).isCompletedWithValue("xabc");
        StepVerifier.create(Mono.fromFuture(wrong)).verifyError(InputConflictException.class);
        hasRoom();
    }

    @Test
    void a_trace_that_leaves_memory_makes_room() {
        engine.run(waiting, "t", "x").subscribe();
        CompletableFuture<String> second = engine.run(sequence, "u", "x").toFuture();
        assertThat(second).isNotDone();
        lab.pass(Duration.ofSeconds(2));
        assertThat(second).isCompletedWithValue("xabc");
    }

    @Test
    void refusals_and_halted_runs_give_their_permits_back() {
        StepVerifier.create(engine.run(sequence, "t", "x")).expectNext("xabc").verifyComplete();
        StepVerifier.create(engine.run(sequence, "t", "y")).verifyError(InputConflictException.class);
        StepVerifier.create(engine.resume(sequence, "none")).verifyError();
        StepVerifier.create(engine.resume(sequence, "t")).verifyError();
        Workflow<String, String> twins = Lab.workflow(
                "twins",
                (ctx, input) -> Flux.just("a", "b")
                        .flatMap(i -> ctx.step("item", String.class, outside::asMono))
                        .last());
        StepVerifier.create(engine.run(twins, "u", "x")).verifyError(DuplicateStepException.class);
        hasRoom();
    }

    @Test
    void a_rewind_keeps_its_permit_and_gives_it_back_once() {
        engine.run(waiting, "t", "x").subscribe();
        engine.resume(waiting, "t", 0).subscribe();
        engine.resume(waiting, "t", 0).subscribe();
        assertThat(world.times("a")).isEqualTo(3);
        CompletableFuture<String> second = engine.run(slow, "u", "x").toFuture();
        assertThat(lab.newProcess().traces().load("u").blockOptional()).isEmpty();
        engine.intervene("t", Workflows.supply("d", "yes")).block();

        CompletableFuture<String> third = engine.run(sequence, "v", "x").toFuture();
        assertThat(second).isNotDone();
        assertThat(third).isNotDone();
        outside.tryEmitValue("done");
        assertThat(second).isCompletedWithValue("done");
        assertThat(third).isCompletedWithValue("xabc");
    }

    @Test
    void a_parent_and_its_child_get_along_with_one_permit() {
        Workflow<String, String> child =
                Lab.workflow("child", (ctx, input) -> ctx.step("c", String.class, () -> world.does("c", input)));
        Workflow<String, String> parent = Lab.workflow(
                "parent", (ctx, input) -> ctx.child("kid", child, input).map(kid -> kid + "!"));
        CompletableFuture<String> result = lab.engine()
                .maxLiveTraces(1)
                .register(parent)
                .register(child)
                .build()
                .run(parent, "t", "x")
                .toFuture();
        lab.pass(Duration.ofSeconds(10));
        assertThat(result).isCompletedWithValue("x!");
        assertThat(world.times("c")).isEqualTo(1);
    }

    @Test
    void what_is_due_goes_to_who_has_room() {
        engine.run(waiting, "t", "x").subscribe();
        lab.pass(Duration.ofSeconds(2));
        engine.run(slow, "u", "x").subscribe();
        DurableEngine other = engine(1);
        lab.newProcess()
                .traces()
                .saveIntervention("t", Workflows.supply("d", "yes"))
                .block();
        lab.pass(Duration.ofSeconds(2));

        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.SUCCESS);
        StepVerifier.create(other.result(waiting, "t")).expectNext("xa:yes:b").verifyComplete();
    }

    @Test
    void many_starts_are_held_back_by_the_limit_and_all_come_to_their_end() {
        List<EngineEvent> events = Workflows.recorder();
        DurableEngine small =
                lab.engine().maxLiveTraces(3).listener(events::add).build();
        Workflow<String, String> brief = Lab.workflow(
                "brief", (ctx, input) -> ctx.step("a", String.class, () -> world.takes(1, "a" + ctx.traceId(), input)));
        CompletableFuture<List<String>> all = Flux.range(0, 24)
                .flatMap(i -> small.run(brief, "many" + i, "" + i), 24)
                .collectList()
                .toFuture();
        for (int second = 1; second <= 8; second++) {
            assertThat(live(events)).isEqualTo(3);
            lab.pass(Duration.ofSeconds(1));
        }
        assertThat(all).isCompletedWithValueMatching(results -> results.size() == 24);
    }

    private static long live(List<EngineEvent> events) {
        return events.stream().filter(EngineEvent.RunStarted.class::isInstance).count()
                - events.stream()
                        .filter(EngineEvent.RunCompleted.class::isInstance)
                        .count();
    }

    @Test
    void a_suspension_that_came_too_late_is_taken_back() {
        SlowBackend slowly = new SlowBackend(lab.backend);
        Workflow<String, String> racing = Lab.workflow(
                "racing",
                (ctx, input) -> Mono.firstWithSignal(
                                ctx.awaitIntervention("ok", String.class),
                                world.takes(2, "outside of any step", "timer"))
                        .flatMap(first -> ctx.step("long", String.class, outside::asMono)));
        lab.engine(lab.newProcess(slowly))
                .register(racing)
                .build()
                .run(racing, "t", "x")
                .subscribe();
        slowly.hold(JournalEvent.Suspended.class::isInstance);
        lab.pass(Duration.ofSeconds(3));
        slowly.letGo();

        assertThat(lab.trace("t").head().status()).isEqualTo(io.reactivestore.TraceStatus.RUNNING);
        assertThat(lab.trace("t").head().holder()).isNotNull();
    }

    @Test
    void a_decision_between_a_suspension_and_its_answer_is_not_stranded() {
        SlowBackend slowly = new SlowBackend(lab.backend);
        CompletableFuture<String> result = lab.engine(lab.newProcess(slowly))
                .register(waiting)
                .build()
                .run(waiting, "t", "x")
                .toFuture();
        slowly.holdAnswers(JournalEvent.Suspended.class::isInstance);
        lab.pass(Duration.ofSeconds(2));
        lab.newProcess()
                .traces()
                .saveIntervention("t", Workflows.supply("d", "yes").withPayload(Payload.json("\"yes\"")))
                .block();
        lab.pass(Duration.ofSeconds(1));
        slowly.letGo();
        lab.pass(Duration.ofSeconds(5));

        assertThat(result).isCompletedWithValue("xa:yes:b");
        assertThat(world.times("b")).isEqualTo(1);
    }
}
