package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.StoreUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** E16: trouble of the store fails the run, never the trace. */
class StoreTroubleTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();

    @Test
    void user_code_cannot_handle_it_away() {
        AtomicBoolean seen = new AtomicBoolean();
        Workflow<String, String> greedy = Workflows.workflow(
                "greedy",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .onErrorResume(error -> {
                            seen.set(true);
                            return Mono.just("handled");
                        }));
        DyingStore dying = new DyingStore(backend.newProcess(), 3, DyingStore.Moment.BEFORE);

        StepVerifier.create(DurableEngine.builder(dying).build().run(greedy, "t", "x"))
                .verifyError(StoreUnavailableException.class);

        assertThat(seen).isFalse();
        assertThat(backend.trace("t").completion()).isNull();
        StepVerifier.create(DurableEngine.builder(backend.newProcess()).build().run(greedy, "t", "x"))
                .expectNext("x")
                .verifyComplete();
    }

    @Test
    void a_failure_that_cannot_be_recorded_leaves_the_trace_open() {
        Workflow<String, String> failing = Workflows.flaky(world, 1);
        DyingStore dying = new DyingStore(backend.newProcess(), 5, DyingStore.Moment.BEFORE);
        StepVerifier.create(DurableEngine.builder(dying).build().run(failing, "t", "x"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasSuppressedException(new IllegalStateException("try 1")));

        StepVerifier.create(DurableEngine.builder(backend.newProcess()).build().run(failing, "t", "x"))
                .expectNext("x2")
                .verifyComplete();
    }

    @Test
    void the_same_engine_can_run_the_trace_again_as_soon_as_it_hears_of_the_trouble() {
        AtomicBoolean down = new AtomicBoolean(true);
        Sinks.One<Long> trouble = Sinks.one();
        SlowAppends store = new SlowAppends(
                backend.newProcess(), Mono.defer(() -> down.getAndSet(false) ? trouble.asMono() : Mono.just(1L)));
        CompletableFuture<String> result = DurableEngine.builder(store)
                .build()
                .run(Workflows.sequence(world), "t", "x")
                .retry(1)
                .toFuture();

        trouble.tryEmitError(new StoreUnavailableException("t", "down", null));

        assertThat(result).isCompletedWithValue("xabc");
        assertThat(world.all()).containsEntry("a", 2).containsEntry("b", 1);
    }

    @Test
    void a_run_whose_trace_another_process_took_over_stops() {
        Sinks.One<String> outside = Sinks.one();
        Workflow<String, String> slow =
                Workflows.workflow("slow", (ctx, input) -> ctx.step("slow", String.class, () -> outside.asMono()));
        CompletableFuture<String> first = DurableEngine.builder(backend.newProcess())
                .build()
                .run(slow, "t", "x")
                .toFuture();
        CompletableFuture<String> second = DurableEngine.builder(backend.newProcess())
                .build()
                .run(slow, "t", "x")
                .toFuture();
        outside.tryEmitValue("done");

        assertThat(second).isCompletedWithValue("done");
        assertThat(first).isCompletedExceptionally();
        StepVerifier.create(Mono.fromFuture(first)).verifyError(ClaimLostException.class);
    }
}
