package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** E1: names are identity. */
class StepIdentityTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();
    private final DurableEngine engine =
            DurableEngine.builder(backend.newProcess()).build();

    @Test
    void a_name_repeated_one_after_another_is_counted() {
        StepVerifier.create(engine.run(Workflows.loop(world), "t", "x"))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(backend.trace("t").envelopes())
                .extracting(PersistenceEnvelope::nodeId)
                .containsExactly("start", "round", "round#2", "round#3", "round#4");
    }

    @Test
    void two_live_steps_of_one_key_are_refused_with_the_remedy() {
        Sinks.One<String> outside = Sinks.one();
        Workflow<String, String> twins = Workflows.workflow(
                "twins",
                (ctx, input) -> Flux.just("a", "b")
                        .flatMap(i -> ctx.step("item", String.class, () -> outside.asMono()))
                        .onErrorResume(hidden -> Flux.empty())
                        .last());
        StepVerifier.create(engine.run(twins, "t", "x"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DuplicateStepException.class)
                        .hasMessageContaining("'item'")
                        .hasMessageContaining("Give each its own name")
                        .hasMessageContaining("concatMap"));
        assertThat(backend.trace("t").completion()).isNull();
    }

    @Test
    void a_step_called_but_not_subscribed_to_takes_no_number() {
        Workflow<String, String> fallback = Workflows.workflow(
                "fallback",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .switchIfEmpty(ctx.step("never", String.class, () -> world.does("never", input)))
                        .flatMap(a -> ctx.step("b", String.class, () -> world.does("b", a))));
        StepVerifier.create(engine.run(fallback, "t", "x")).expectNext("x").verifyComplete();
        assertThat(backend.trace("t").envelopes())
                .extracting(PersistenceEnvelope::nodeId, PersistenceEnvelope::step)
                .containsExactly(Tuple.tuple("start", 0L), Tuple.tuple("a", 1L), Tuple.tuple("b", 2L));
    }

    @Test
    void a_retry_is_another_attempt_of_the_same_step() {
        Workflow<String, String> retrying = Workflows.workflow(
                "retrying",
                (ctx, input) -> ctx.step(
                                "a",
                                String.class,
                                step -> world.does("a", step.attempt())
                                        .flatMap(n ->
                                                n < 3 ? Mono.error(new IllegalStateException()) : Mono.just(input + n)))
                        .retry(2));
        StepVerifier.create(engine.run(retrying, "t", "x")).expectNext("x3").verifyComplete();
        assertThat(backend.trace("t").envelopes())
                .extracting(PersistenceEnvelope::step, PersistenceEnvelope::attempt, PersistenceEnvelope::outcome)
                .endsWith(
                        Tuple.tuple(1L, 1, Outcome.FAULT),
                        Tuple.tuple(1L, 2, Outcome.FAULT),
                        Tuple.tuple(1L, 3, Outcome.SUCCESS));
    }

    @Test
    void attempts_are_counted_across_restarts() {
        DyingStore dying = new DyingStore(backend.newProcess(), 5, DyingStore.Moment.BEFORE);
        StepVerifier.create(DurableEngine.builder(dying).build().run(Workflows.flaky(world, 1), "t", "x"))
                .verifyError();
        StepVerifier.create(engine.run(Workflows.flaky(world, 1), "t", "x"))
                .expectNext("x2")
                .verifyComplete();
        assertThat(world.times("a")).isEqualTo(1);
    }

    @Test
    void an_error_that_user_code_handles_does_not_end_the_trace() {
        Workflow<String, String> handled = Workflows.workflow(
                "handled",
                (ctx, input) -> ctx.step("a", String.class, () -> Mono.<String>error(new IllegalStateException("no")))
                        .onErrorResume(
                                IllegalStateException.class,
                                error -> ctx.step(
                                        "fallback", String.class, () -> world.does("fallback", error.getMessage()))));
        StepVerifier.create(engine.run(handled, "t", "x")).expectNext("no").verifyComplete();
    }

    @Test
    void names_that_would_blur_with_keys_are_refused() {
        Workflow<String, String> blurred =
                Workflows.workflow("blurred", (ctx, input) -> ctx.step("a#2", String.class, () -> Mono.just(input)));
        StepVerifier.create(engine.run(blurred, "t", "x"))
                .verifyErrorSatisfies(error -> assertThat(error).hasCauseInstanceOf(IllegalArgumentException.class));
    }
}
