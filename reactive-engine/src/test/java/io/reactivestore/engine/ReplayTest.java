package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Outcome;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceStatus;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What is on record is emitted from there, and what is recorded is what the vocabulary says. */
class ReplayTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();

    /** Runs until the record of this node is durable, unheard. */
    private void dieBehind(String node, Workflow<String, String> workflow) {
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .listener(event -> {
                    if (event instanceof EngineEvent.StepRecorded step
                            && step.nodeId().equals(node)) {
                        dying.die();
                    }
                })
                .build()
                .run(workflow, "t", "x")
                .subscribe();
    }

    @Test
    void nothing_happens_before_subscription() {
        lab.engine().build().run(Workflows.sequence(world), "t", "x");

        assertThat(world.all()).isEmpty();
        StepVerifier.create(lab.newProcess().traces().load("t")).verifyComplete();
    }

    @Test
    void the_journal_holds_the_start_the_steps_and_the_end() {
        StepVerifier.create(lab.engine().build().run(Workflows.sequence(world), "t", "x"))
                .expectNext("xabc")
                .verifyComplete();

        PersistedTrace trace = lab.trace("t");
        assertThat(trace.envelopes()).extracting(PersistenceEnvelope::nodeId).containsExactly("start", "a", "b", "c");
        assertThat(trace.envelopes()).extracting(PersistenceEnvelope::step).containsExactly(0L, 1L, 2L, 3L);
        assertThat(trace.envelopes()).extracting(PersistenceEnvelope::outcome).containsOnly(Outcome.SUCCESS);
        assertThat(trace.envelopes().get(0).payload())
                .extracting(Object::toString)
                .asString()
                .contains("3 bytes");
        assertThat(trace.head().status()).isEqualTo(TraceStatus.SUCCESS);
        assertThat(trace.position()).isEqualTo(5);
    }

    @Test
    void a_step_inserted_before_recorded_ones_does_not_shift_them() {
        dieBehind("b", Workflows.sequence(world));
        assertThat(lab.nodes("t")).containsExactly("start", "a", "b");

        Workflow<String, String> changed = Lab.workflow(
                "sequence",
                (ctx, input) -> ctx.step("new", String.class, () -> world.does("new", "n"))
                        .flatMap(n -> ctx.step("b", String.class, () -> world.does("b", "unused")))
                        .flatMap(b -> ctx.step("c", String.class, () -> world.does("c", b + "C"))));
        StepVerifier.create(lab.engine().build().resume(changed, "t"))
                .expectNext("xabC")
                .verifyComplete();

        assertThat(world.times("b")).isEqualTo(1);
        assertThat(lab.trace("t").envelopes())
                .extracting(PersistenceEnvelope::nodeId, PersistenceEnvelope::step)
                .contains(Tuple.tuple("new", 3L), Tuple.tuple("c", 4L));
    }

    @Test
    void subscribing_to_a_finished_step_again_does_not_do_it_again() {
        Workflow<String, String> twice = Lab.workflow("twice", (ctx, input) -> {
            Mono<String> step = ctx.step("a", String.class, () -> world.does("a", input));
            return step.flatMap(first -> step.map(second -> first + second));
        });

        StepVerifier.create(lab.engine().build().run(twice, "t", "x"))
                .expectNext("xx")
                .verifyComplete();
        assertThat(world.times("a")).isEqualTo(1);
    }

    @Test
    void the_idempotency_key_is_the_same_for_every_attempt_and_in_every_process() {
        List<String> keys = new ArrayList<>();
        Workflow<String, String> workflow = Lab.workflow(
                "keys",
                (ctx, input) -> ctx.step("a", String.class, step -> {
                            keys.add(step.idempotencyKey());
                            return keys.size() < 3 ? Mono.error(new IllegalStateException()) : Mono.just(input);
                        })
                        .retry(2));
        dieBehind("a", workflow);
        assertThat(keys).hasSize(2);

        StepVerifier.create(lab.engine().build().resume(workflow, "t"))
                .expectNext("x")
                .verifyComplete();
        assertThat(keys).hasSize(3).containsOnly(keys.get(0));
        assertThat(keys.get(0)).isEqualTo(StepContext.idempotencyKey("t", "a", 0));
    }

    @Test
    void branches_meet_again_in_the_order_in_which_they_met_the_first_time() {
        Workflow<String, String> racing = Lab.workflow(
                "racing",
                (ctx, input) -> Flux.merge(
                                ctx.step("slow", String.class, () -> world.takes(2, "slow", "slow")),
                                ctx.step("fast", String.class, () -> world.takes(1, "fast", "fast")))
                        .collectList()
                        .flatMap(order -> ctx.step("last", String.class, Mono::never)
                                .switchIfEmpty(Mono.never())
                                .thenReturn(String.join(",", order))));
        lab.engine().build().run(racing, "t", "x").subscribe();
        world.passTime();
        assertThat(lab.nodes("t")).containsExactly("start", "fast", "slow");

        Workflow<String, String> again = Lab.workflow(
                "racing",
                (ctx, input) -> Flux.merge(
                                ctx.step("slow", String.class, () -> world.does("slow", "slow")),
                                ctx.step("fast", String.class, () -> world.does("fast", "fast")))
                        .collectList()
                        .map(order -> String.join(",", order)));
        StepVerifier.create(lab.engine().build().resume(again, "t"))
                .expectNext("fast,slow")
                .verifyComplete();
    }

    @Test
    void a_branch_that_failed_does_not_hide_what_another_had_done_before() {
        Workflow<String, String> saga = Lab.workflow(
                "saga",
                (ctx, input) -> Mono.zip(
                                ctx.step(
                                        "bad",
                                        String.class,
                                        () -> world.takes(2, "bad", 1)
                                                .then(Mono.error(new IllegalStateException("no")))),
                                ctx.step(
                                                StepOptions.of("good", String.class)
                                                        .compensate(done -> world.does("undo good", 1)),
                                                s -> world.takes(1, "good", "done"))
                                        .flatMap(good -> ctx.step("next", String.class, () -> Mono.never())))
                        .map(Object::toString));
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .listener(event -> {
                    if (event instanceof EngineEvent.StepRecorded step
                            && step.nodeId().equals("bad")) {
                        dying.die();
                    }
                })
                .build()
                .run(saga, "t", "x")
                .subscribe();
        world.passTime();
        assertThat(lab.nodes("t")).containsExactly("start", "good", "bad");

        StepVerifier.create(lab.engine().build().resume(saga, "t"))
                .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("COMPENSATED"));
        assertThat(world.times("undo good")).isEqualTo(1);
    }
}
