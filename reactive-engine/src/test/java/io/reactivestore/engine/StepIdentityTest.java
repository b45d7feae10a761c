package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** E1: names are identity. */
class StepIdentityTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final DurableEngine engine = lab.engine().build();

    @Test
    void a_name_repeated_one_after_another_is_counted() {
        StepVerifier.create(engine.run(Workflows.loop(world), "t", "x"))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(lab.nodes("t")).containsExactly("start", "round", "round#2", "round#3", "round#4");
    }

    @Test
    void two_live_steps_of_one_key_are_refused_with_the_remedy() {
        Sinks.One<String> outside = Sinks.one();
        Workflow<String, String> twins = Lab.workflow(
                "twins",
                (ctx, input) -> Flux.just("a", "b")
                        .flatMap(i -> ctx.step("item", String.class, outside::asMono))
                        .onErrorResume(hidden -> Flux.empty())
                        .last());
        StepVerifier.create(engine.run(twins, "t", "x"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DuplicateStepException.class)
                        .hasMessageContaining("'item'")
                        .hasMessageContaining("Give each its own name")
                        .hasMessageContaining("concatMap"));
        assertThat(lab.trace("t").completion()).isNull();
    }

    @Test
    void one_that_was_cancelled_and_is_still_recorded_is_no_twin() {
        SlowBackend slowly = new SlowBackend(lab.backend);
        Workflow<String, String> impatient = Lab.workflow(
                "impatient",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", "first"))
                        .timeout(Duration.ofSeconds(1), lab.time)
                        .onErrorResume(late -> ctx.step("a", String.class, () -> world.does("a#2", "second"))));
        slowly.hold(event -> SlowBackend.isAbout(event, "a"));
        CompletableFuture<String> result = lab.engine(lab.newProcess(slowly))
                .build()
                .run(impatient, "t", "x")
                .toFuture();
        lab.pass(Duration.ofSeconds(1));
        slowly.letGo();

        assertThat(result).isCompletedWithValue("second");
        assertThat(lab.nodes("t")).containsExactlyInAnyOrder("start", "a", "a#2");
    }

    @Test
    void items_have_their_own_scopes() {
        Workflow<String, String> each = Lab.workflow(
                "each",
                (ctx, input) -> ctx.each(
                                "item",
                                List.of("p", "q"),
                                item -> item,
                                2,
                                (scope, item) -> scope.step("s", String.class, () -> world.does(item, item))
                                        .flatMap(s -> scope.step("s", String.class, () -> world.does(item, s + s))))
                        .collectList()
                        .map(all -> String.join(",", all)));
        StepVerifier.create(engine.run(each, "t", "x")).expectNext("pp,qq").verifyComplete();
        assertThat(lab.nodes("t"))
                .containsExactlyInAnyOrder("start", "item/p/s", "item/p/s#2", "item/q/s", "item/q/s#2");
    }

    @Test
    void a_step_called_but_not_subscribed_to_takes_no_number() {
        Workflow<String, String> fallback = Lab.workflow(
                "fallback",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .switchIfEmpty(ctx.step("never", String.class, () -> world.does("never", input)))
                        .flatMap(a -> ctx.step("b", String.class, () -> world.does("b", a))));
        StepVerifier.create(engine.run(fallback, "t", "x")).expectNext("x").verifyComplete();
        assertThat(lab.trace("t").envelopes())
                .extracting(PersistenceEnvelope::nodeId, PersistenceEnvelope::step)
                .containsExactly(Tuple.tuple("start", 0L), Tuple.tuple("a", 1L), Tuple.tuple("b", 2L));
    }

    @Test
    void a_retry_is_another_attempt_of_the_same_step() {
        Workflow<String, String> retrying = Lab.workflow(
                "retrying",
                (ctx, input) -> ctx.step(
                                "a",
                                String.class,
                                step -> world.does("a", step.attempt())
                                        .flatMap(n ->
                                                n < 3 ? Mono.error(new IllegalStateException()) : Mono.just(input + n)))
                        .retry(2));
        StepVerifier.create(engine.run(retrying, "t", "x")).expectNext("x3").verifyComplete();
        assertThat(lab.trace("t").envelopes())
                .extracting(PersistenceEnvelope::step, PersistenceEnvelope::attempt, PersistenceEnvelope::outcome)
                .endsWith(
                        Tuple.tuple(1L, 1, Outcome.FAULT),
                        Tuple.tuple(1L, 2, Outcome.FAULT),
                        Tuple.tuple(1L, 3, Outcome.SUCCESS));
    }

    @Test
    void a_failure_on_record_is_signalled_again_and_the_next_attempt_is_counted_behind_it() {
        Workflow<String, String> retried = Lab.workflow(
                "flaky",
                (ctx, input) -> ctx.step(
                                "flaky",
                                String.class,
                                step -> world.does("attempt " + step.attempt(), input)
                                        .flatMap(x -> step.attempt() < 3
                                                ? Mono.error(new IllegalStateException())
                                                : Mono.just(x + step.attempt())))
                        .retry(2));
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .listener(event -> {
                    if (event instanceof EngineEvent.StepRecorded) {
                        dying.die();
                    }
                })
                .build()
                .run(retried, "t", "x")
                .subscribe();
        StepVerifier.create(engine.resume(retried, "t")).expectNext("x3").verifyComplete();
        assertThat(world.all())
                .containsEntry("attempt 1", 1)
                .containsEntry("attempt 2", 2)
                .containsEntry("attempt 3", 1);
    }

    @Test
    void an_error_that_user_code_handles_does_not_end_the_trace() {
        Workflow<String, String> handled = Lab.workflow(
                "handled",
                (ctx, input) -> ctx.step("a", String.class, () -> Mono.<String>error(new IllegalStateException("no")))
                        .onErrorResume(
                                StepFailedException.class,
                                error -> ctx.step(
                                        "fallback",
                                        String.class,
                                        () -> world.does(
                                                "fallback", error.failure().message()))));
        StepVerifier.create(engine.run(handled, "t", "x")).expectNext("no").verifyComplete();
    }

    @Test
    void names_that_would_blur_with_keys_are_refused() {
        Workflow<String, String> blurred =
                Lab.workflow("blurred", (ctx, input) -> ctx.step("a#2", String.class, () -> Mono.just(input)));
        StepVerifier.create(engine.run(blurred, "t", "x"))
                .verifyErrorSatisfies(error -> assertThat(error).hasCauseInstanceOf(IllegalArgumentException.class));
    }
}
