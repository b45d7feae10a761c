package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.PersistenceEnvelope;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** A closed engine loses nothing, and others have its traces at once. */
class ClosingTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final Sinks.One<String> outside = Sinks.one();
    private final Workflow<String, String> slow = Lab.workflow(
            "slow",
            (ctx, input) -> ctx.step(
                            "slow", String.class, () -> world.does("slow", 1).then(outside.asMono()))
                    .flatMap(s -> ctx.step("next", String.class, () -> world.does("next", s + "!"))));
    private final Workflow<String, String> waiting = Workflows.waiting(world);
    private final DurableEngine engine =
            lab.engine().register(slow).register(waiting).build();

    private DurableEngine other() {
        return lab.engine().register(slow).register(waiting).build();
    }

    @Test
    void the_step_under_way_is_recorded_and_the_next_one_not_begun() {
        CompletableFuture<String> result = engine.run(slow, "t", "x").toFuture();
        CompletableFuture<Void> closed = engine.close().toFuture();
        assertThat(closed).isNotDone();

        outside.tryEmitValue("done");

        assertThat(closed).isCompleted();
        StepVerifier.create(Mono.fromFuture(result)).verifyError(EngineClosedException.class);
        assertThat(world.all()).containsOnlyKeys("slow");
        assertThat(lab.nodes("t")).containsExactly("start", "slow");
    }

    @Test
    void what_a_closed_engine_held_goes_on_elsewhere_at_the_next_look_and_not_after_its_heartbeat() {
        engine.run(slow, "t", "x").subscribe();
        DurableEngine other = other();
        engine.close().subscribe();
        outside.tryEmitValue("done");
        lab.pass(Duration.ofSeconds(1));

        StepVerifier.create(other.run(slow, "t", "x")).expectNext("done!").verifyComplete();
        assertThat(world.all()).containsEntry("slow", 1).containsEntry("next", 1);
    }

    @Test
    void a_run_at_its_last_step_comes_to_its_end() {
        Workflow<String, String> last =
                Lab.workflow("last", (ctx, input) -> ctx.step("last", String.class, outside::asMono));
        CompletableFuture<String> result = engine.run(last, "t", "x").toFuture();
        CompletableFuture<Void> closed = engine.close().toFuture();
        outside.tryEmitValue("done");

        assertThat(closed).isCompleted();
        assertThat(result).isCompletedWithValue("done");
    }

    @Test
    void waiting_runs_stop_at_once_and_new_ones_are_refused() {
        CompletableFuture<String> stopped = engine.run(waiting, "t", "x").toFuture();
        StepVerifier.create(engine.close()).verifyComplete();
        StepVerifier.create(engine.close()).verifyComplete();

        StepVerifier.create(Mono.fromFuture(stopped)).verifyError(EngineClosedException.class);
        StepVerifier.create(engine.run(slow, "u", "x")).verifyError(EngineClosedException.class);
        StepVerifier.create(engine.resume(waiting, "t")).verifyError(EngineClosedException.class);
        StepVerifier.create(lab.newProcess().traces().load("u")).verifyComplete();
    }

    @Test
    void a_start_that_waits_for_a_permit_is_refused_at_once_and_never_made() {
        DurableEngine small =
                lab.engine().maxLiveTraces(1).maxWait(Duration.ofHours(1)).build();
        small.run(slow, "t", "x").subscribe();
        CompletableFuture<String> second = small.run(slow, "u", "x").toFuture();
        CompletableFuture<Void> closed = small.close().toFuture();

        StepVerifier.create(Mono.fromFuture(second)).verifyError(EngineClosedException.class);
        outside.tryEmitValue("done");
        assertThat(closed).isCompleted();
        StepVerifier.create(lab.newProcess().traces().load("u")).verifyComplete();
    }

    @Test
    void a_function_whose_mark_is_on_its_way_is_called_and_not_left_in_doubt() {
        SlowBackend slowly = new SlowBackend(lab.backend);
        Workflow<String, String> once = Lab.workflow(
                "once",
                (ctx, input) ->
                        ctx.step(StepOptions.of("a", String.class).atMostOnce(), s -> world.does("a", input + "!")));
        DurableEngine marking =
                lab.engine(lab.newProcess(slowly)).register(once).build();
        slowly.holdBehind("start");
        CompletableFuture<String> result = marking.run(once, "t", "x").toFuture();
        CompletableFuture<Void> closed = marking.close().toFuture();
        assertThat(closed).isNotDone();
        slowly.letGo();

        assertThat(closed).isCompleted();
        assertThat(result).isCompletedWithValue("x!");
    }

    @Test
    void results_that_were_put_off_are_recorded() {
        Workflow<String, String> lazy = Workflow.named("lazy")
                .checkpoints(CheckpointPolicy.onCompletion())
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .then(ctx.step("b", String.class, outside::asMono))
                        .flatMap(b -> ctx.step("c", String.class, () -> world.does("c", b))));
        engine.run(lazy, "t", "x").subscribe();
        assertThat(lab.nodes("t")).containsExactly("start");
        CompletableFuture<Void> closed = engine.close().toFuture();
        outside.tryEmitValue("done");

        assertThat(closed).isCompleted();
        assertThat(lab.trace("t").envelopes())
                .extracting(PersistenceEnvelope::nodeId)
                .containsExactly("start", "a", "b");
    }
}
