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

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final Sinks.One<String> outside = Sinks.one();
    private final DurableEngine engine = lab.engine().build();
    private final Workflow<String, String> slow = Lab.workflow(
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
        assertThat(lab.trace("t").completion()).isNotNull();
        StepVerifier.create(engine.run(slow, "t", "x")).expectNext("done").verifyComplete();
    }

    @Test
    void two_subscribers_share_one_run() {
        CompletableFuture<String> first = engine.run(slow, "t", "x").toFuture();
        CompletableFuture<String> second = engine.run(slow, "t", "x").toFuture();
        CompletableFuture<String> third = engine.resume(slow, "t").toFuture();
        CompletableFuture<String> fourth = engine.result(slow, "t").toFuture();
        outside.tryEmitValue("done");

        assertThat(first).isCompletedWithValue("done");
        assertThat(second).isCompletedWithValue("done");
        assertThat(third).isCompletedWithValue("done");
        assertThat(fourth).isCompletedWithValue("done");
        assertThat(world.times("slow")).isEqualTo(1);
    }

    @Test
    void who_comes_while_another_goes_still_hears_of_the_end() {
        Disposable first = engine.run(slow, "t", "x").subscribe();
        CompletableFuture<String> second = engine.run(slow, "t", "x").toFuture();
        first.dispose();
        outside.tryEmitValue("done");
        assertThat(second).isCompletedWithValue("done");
    }

    @Test
    void the_context_of_the_first_subscriber_reaches_the_steps() {
        Workflow<String, String> reading = Lab.workflow(
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
        SlowBackend slowly = new SlowBackend(lab.backend);
        slowly.hold(event -> SlowBackend.isAbout(event, "a"));
        Sinks.Empty<Void> cancel = Sinks.empty();
        Workflow<String, String> impatient = Lab.workflow("impatient", (ctx, input) -> {
            Mono<String> step = ctx.step("a", String.class, () -> world.does("a", input));
            return step.takeUntilOther(cancel.asMono()).switchIfEmpty(step);
        });
        CompletableFuture<String> result = lab.engine(lab.newProcess(slowly))
                .build()
                .run(impatient, "t", "x")
                .toFuture();
        cancel.tryEmitEmpty();
        assertThat(result).isNotDone();
        slowly.letGo();

        assertThat(result).isCompletedWithValue("x");
        assertThat(world.times("a")).isEqualTo(1);
    }
}
