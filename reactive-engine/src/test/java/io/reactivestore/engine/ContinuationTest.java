package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A trace that goes on with a state begins its code anew, and nothing else does. */
class ContinuationTest {

    private final Lab lab = new Lab();
    private final List<String> calls = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();

    /** Counts to a number, two steps at each. */
    private Workflow<Integer, String> counting(WorkflowDefinition definition) {
        return definition
                .input(Integer.class)
                .output(String.class)
                .body((ctx, end) -> ctx.carried(Integer.class, 1)
                        .flatMap(n -> ctx.step("a", String.class, (StepContext step) -> does(step, "a" + n))
                                .then(ctx.step("b", String.class, (StepContext step) -> does(step, "b" + n)))
                                .flatMap(b -> n < end ? ctx.continueWith(n + 1) : Mono.just(b))));
    }

    private Workflow<Integer, String> counting() {
        return counting(Workflow.named("counting"));
    }

    private Mono<String> does(StepContext step, String what) {
        return Mono.fromSupplier(() -> {
            calls.add(what);
            keys.add(step.idempotencyKey());
            return what;
        });
    }

    @Test
    void each_generation_begins_with_the_state_of_the_one_before_and_the_last_one_ends_the_trace() {
        Workflow<Integer, String> counting = counting();
        DurableEngine engine = lab.engine().register(counting).build();
        StepVerifier.create(engine.run(counting, "t", 3)).expectNext("b3").verifyComplete();
        assertThat(calls).containsExactly("a1", "b1", "a2", "b2", "a3", "b3");
        PersistedTrace trace = lab.trace("t");
        assertThat(lab.nodes("t")).containsExactly("start", "$meta", "$carried", "a", "b");
        assertThat(Objects.requireNonNull(trace.completion()).state()).isEqualTo(CompletionState.SUCCESS);
        assertThat(trace.position()).isEqualTo(3 + 4 + 2 + 4 + 2 + 1);
        // the same id with the same input is still the same run
        StepVerifier.create(engine.run(counting, "t", 3)).expectNext("b3").verifyComplete();
        StepVerifier.create(engine.run(counting, "t", 4)).verifyError(InputConflictException.class);
    }

    @Test
    void what_is_done_again_has_another_idempotency_key_and_another_child() {
        Workflow<Integer, String> counting = counting();
        DurableEngine engine = lab.engine().register(counting).build();
        engine.run(counting, "t", 10).block();
        assertThat(new HashSet<>(keys)).hasSize(20);

        Workflow<String, String> child = Lab.workflow("child", (ctx, input) -> Mono.just("child of " + input));
        Workflow<String, String> parent = Lab.workflow(
                "parent",
                (ctx, input) -> ctx.carried(Integer.class, 1)
                        .flatMap(n -> ctx.child("kid", child, "n" + n)
                                .flatMap(kid -> n < 3 ? ctx.continueWith(n + 1) : Mono.just(kid))));
        DurableEngine family = lab.engine().register(parent).register(child).build();
        StepVerifier.create(family.run(parent, "p", "x"))
                .expectNext("child of n3")
                .verifyComplete();
    }

    @Test
    void another_engine_takes_up_the_generation_it_finds() {
        Workflow<String, String> waits = Lab.workflow(
                "waits",
                (ctx, input) -> ctx.carried(Integer.class, 0)
                        .flatMap(n -> ctx.step("work", String.class, (StepContext step) -> does(step, "w" + n))
                                .flatMap(w -> n < 3
                                        ? ctx.continueWith(n + 1)
                                        : ctx.awaitIntervention("go", String.class)
                                                .map(go -> go + n))));
        DurableEngine before = lab.engine().register(waits).build();
        before.start(waits, "t", "x").block();
        before.close().block();
        assertThat(calls).containsExactly("w0", "w1", "w2", "w3");
        DurableEngine after = lab.engine().register(waits).build();
        lab.pass(Duration.ofSeconds(30));
        after.intervene("t", supply("go")).block();
        StepVerifier.create(after.result(waits, "t")).expectNext("go3").verifyComplete();
        assertThat(calls).hasSize(4);
    }

    @Test
    void a_decision_that_waits_for_its_node_is_not_lost_and_one_that_was_taken_in_does_not_count_again() {
        Workflow<String, String> asks = Lab.workflow(
                "asks",
                (ctx, input) -> ctx.carried(Integer.class, 0)
                        .flatMap(n -> ctx.step(
                                        "work",
                                        String.class,
                                        (StepContext step) -> does(step, step.input(String.class, "own") + n))
                                .flatMap(w -> n < 1
                                        ? ctx.awaitIntervention("go", String.class)
                                                .flatMap(go -> ctx.continueWith(n + 1))
                                        : ctx.awaitIntervention("end", String.class))));
        DurableEngine engine = lab.engine().register(asks).build();
        engine.start(asks, "t", "x").block();
        engine.intervene(
                        "t",
                        Intervention.of("again", "work", InterventionAction.RERUN, Lab.START)
                                .withPayload(Payload.json("\"given\"")))
                .block();
        lab.pass(Duration.ofSeconds(30));
        engine.intervene("t", supply("go")).block();
        lab.pass(Duration.ofSeconds(30));
        // a restart finds the decision on record
        engine.close().block();
        DurableEngine after = lab.engine().register(asks).build();
        lab.pass(Duration.ofSeconds(30));
        after.intervene("t", Intervention.of("bare", "work", InterventionAction.RERUN, Lab.START))
                .block();
        lab.pass(Duration.ofSeconds(30));
        after.intervene("t", supply("end")).block();
        StepVerifier.create(after.result(asks, "t")).expectNext("end").verifyComplete();
        assertThat(calls).containsExactly("own0", "given0", "own1", "own1");
    }

    @Test
    void who_leaves_a_step_behind_is_told() {
        Workflow<String, String> hasty = Lab.workflow(
                "hasty",
                (ctx, input) -> Mono.zip(ctx.awaitIntervention("never", String.class), ctx.<String>continueWith(1))
                        .map(Object::toString));
        DurableEngine engine = lab.engine().register(hasty).build();
        StepVerifier.create(engine.run(hasty, "t", "x"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(WorkflowFailedException.class)
                        .hasMessageContaining("never"))
                .verify();
    }

    @Test
    void a_cancel_finds_the_generation_that_runs() {
        Workflow<String, String> endless = Lab.workflow(
                "endless",
                (ctx, input) -> ctx.carried(Integer.class, 0)
                        .flatMap(n -> ctx.sleep("nap", Duration.ofMinutes(1)).then(ctx.continueWith(n + 1))));
        DurableEngine engine = lab.engine().register(endless).build();
        engine.start(endless, "t", "x").block();
        lab.pass(Duration.ofHours(1));
        assertThat(lab.trace("t").resumptionCount()).isBetween(55, 60);
        engine.cancel("t", "enough").block();
        lab.pass(Duration.ofMinutes(1));
        assertThat(Objects.requireNonNull(lab.trace("t").completion()).state()).isEqualTo(CompletionState.CANCELLED);
    }

    private static Intervention supply(String node) {
        return Intervention.of(node, node, InterventionAction.SUPPLY, Lab.START)
                .withPayload(Payload.json("\"" + node + "\""));
    }
}
