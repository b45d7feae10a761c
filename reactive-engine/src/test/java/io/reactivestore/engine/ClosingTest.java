package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** A closed engine loses nothing. */
class ClosingTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();
    private final DurableEngine engine =
            DurableEngine.builder(backend.newProcess()).build();

    @Test
    void the_step_under_way_is_recorded_and_the_next_one_not_begun() {
        Sinks.One<String> outside = Sinks.one();
        Workflow<String, String> slow = Workflows.workflow(
                "slow",
                (ctx, input) -> ctx.step(
                                "slow",
                                String.class,
                                () -> world.does("slow", 1).then(outside.asMono()))
                        .flatMap(s -> ctx.step("next", String.class, () -> world.does("next", s + "!"))));
        CompletableFuture<String> result = engine.run(slow, "t", "x").toFuture();
        CompletableFuture<Void> closed = engine.close().toFuture();
        assertThat(closed).isNotDone();

        outside.tryEmitValue("done");

        assertThat(closed).isCompleted();
        StepVerifier.create(Mono.fromFuture(result)).verifyError(EngineClosedException.class);
        assertThat(world.all()).containsOnlyKeys("slow");
        StepVerifier.create(DurableEngine.builder(backend.newProcess()).build().run(slow, "t", "x"))
                .expectNext("done!")
                .verifyComplete();
        assertThat(world.times("slow")).isEqualTo(1);
    }

    @Test
    void a_run_at_its_last_step_comes_to_its_end() {
        Sinks.One<String> outside = Sinks.one();
        Workflow<String, String> last =
                Workflows.workflow("last", (ctx, input) -> ctx.step("last", String.class, () -> outside.asMono()));
        CompletableFuture<String> result = engine.run(last, "t", "x").toFuture();
        CompletableFuture<Void> closed = engine.close().toFuture();
        outside.tryEmitValue("done");

        assertThat(closed).isCompleted();
        assertThat(result).isCompletedWithValue("done");
    }

    @Test
    void waiting_runs_stop_at_once_and_new_ones_are_refused() {
        CompletableFuture<String> waiting =
                engine.run(Workflows.waiting(world), "t", "x").toFuture();
        StepVerifier.create(engine.close()).verifyComplete();
        StepVerifier.create(engine.close()).verifyComplete();

        StepVerifier.create(Mono.fromFuture(waiting)).verifyError(EngineClosedException.class);
        StepVerifier.create(engine.run(Workflows.sequence(world), "u", "x")).verifyError(EngineClosedException.class);
        StepVerifier.create(engine.resume(Workflows.waiting(world), "t")).verifyError(EngineClosedException.class);
    }
}
