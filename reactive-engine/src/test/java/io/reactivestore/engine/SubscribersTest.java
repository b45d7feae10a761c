package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** A run is independent of who listens to it. */
class SubscribersTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();
    private final Sinks.One<String> outside = Sinks.one();
    private final DurableEngine engine =
            DurableEngine.builder(backend.newProcess()).build();
    private final Workflow<String, String> slow = Workflows.workflow(
            "slow",
            (ctx, input) -> ctx.step(
                            "slow", String.class, () -> world.does("slow", 1).then(outside.asMono()))
                    .flatMap(s -> ctx.step("last", String.class, () -> world.does("last", s))));

    @Test
    void disconnecting_is_not_cancelling() {
        Disposable subscriber = engine.run(slow, "t", "x").subscribe();
        subscriber.dispose();
        outside.tryEmitValue("done");

        assertThat(world.times("last")).isEqualTo(1);
        assertThat(backend.trace("t").completion()).isNotNull();
        StepVerifier.create(engine.run(slow, "t", "x")).expectNext("done").verifyComplete();
    }

    @Test
    void two_subscribers_share_one_run() {
        CompletableFuture<String> first = engine.run(slow, "t", "x").toFuture();
        CompletableFuture<String> second = engine.run(slow, "t", "x").toFuture();
        CompletableFuture<Object> third =
                engine.resume(slow, "t").cast(Object.class).toFuture();
        outside.tryEmitValue("done");

        assertThat(first).isCompletedWithValue("done");
        assertThat(second).isCompletedWithValue("done");
        assertThat(third).isCompletedWithValue("done");
        assertThat(world.times("slow")).isEqualTo(1);
    }

    @Test
    void the_context_of_the_first_subscriber_reaches_the_steps() {
        Workflow<String, String> reading = Workflows.workflow(
                "reading",
                (ctx, input) -> ctx.step(
                                "a", String.class, () -> Mono.deferContextual(c -> Mono.just(c.<String>get("who"))))
                        .flatMap(a -> ctx.step(
                                "b",
                                String.class,
                                () -> Mono.deferContextual(c -> Mono.just(a + c.<String>get("who"))))));
        StepVerifier.create(engine.run(reading, "t", "x").contextWrite(Context.of("who", "ann")))
                .expectNext("annann")
                .verifyComplete();
    }

    @Test
    void a_step_cancelled_while_it_is_recorded_is_not_done_again() {
        Sinks.One<Long> written = Sinks.one();
        SlowAppends store = new SlowAppends(backend.newProcess(), written.asMono());
        Sinks.Empty<Void> cancel = Sinks.empty();
        Workflow<String, String> impatient = Workflows.workflow("impatient", (ctx, input) -> {
            Mono<String> step = ctx.step("a", String.class, () -> world.does("a", input));
            return step.takeUntilOther(cancel.asMono()).switchIfEmpty(step);
        });
        CompletableFuture<String> result =
                DurableEngine.builder(store).build().run(impatient, "t", "x").toFuture();
        cancel.tryEmitEmpty();
        assertThat(result).isNotDone();
        written.tryEmitValue(1L);

        assertThat(result).isCompletedWithValue("x");
        assertThat(world.times("a")).isEqualTo(1);
    }
}
