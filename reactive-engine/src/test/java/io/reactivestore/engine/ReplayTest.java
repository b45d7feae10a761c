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
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What is on record is emitted from there, and what is recorded is what the vocabulary says. */
class ReplayTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();

    @Test
    void nothing_happens_before_subscription() {
        DurableEngine.builder(backend.newProcess()).build().run(Workflows.sequence(world), "t", "x");

        assertThat(world.all()).isEmpty();
        StepVerifier.create(backend.newProcess().load("t")).verifyComplete();
    }

    @Test
    void the_journal_holds_the_start_the_steps_and_the_end() {
        StepVerifier.create(
                        DurableEngine.builder(backend.newProcess()).build().run(Workflows.sequence(world), "t", "x"))
                .expectNext("xabc")
                .verifyComplete();

        PersistedTrace trace = backend.trace("t");
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
        DyingStore dying = new DyingStore(backend.newProcess(), 5, DyingStore.Moment.BEFORE);
        StepVerifier.create(DurableEngine.builder(dying).build().run(Workflows.sequence(world), "t", "x"))
                .verifyError();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1).containsEntry("c", 1);

        Workflow<String, String> changed = Workflows.workflow(
                "sequence",
                (ctx, input) -> ctx.step("new", String.class, () -> world.does("new", "n"))
                        .flatMap(n -> ctx.step("b", String.class, () -> world.does("b", "unused")))
                        .flatMap(b -> ctx.step("c", String.class, () -> world.does("c", b + "C"))));
        StepVerifier.create(DurableEngine.builder(backend.newProcess()).build().run(changed, "t", "x"))
                .expectNext("xabC")
                .verifyComplete();

        assertThat(world.times("b")).isEqualTo(1);
        assertThat(backend.trace("t").envelopes())
                .extracting(PersistenceEnvelope::nodeId, PersistenceEnvelope::step)
                .contains(Tuple.tuple("new", 3L), Tuple.tuple("c", 4L));
    }

    @Test
    void subscribing_to_a_finished_step_again_does_not_do_it_again() {
        Workflow<String, String> twice = Workflows.workflow("twice", (ctx, input) -> {
            Mono<String> step = ctx.step("a", String.class, () -> world.does("a", input));
            return step.flatMap(first -> step.map(second -> first + second));
        });

        StepVerifier.create(DurableEngine.builder(backend.newProcess()).build().run(twice, "t", "x"))
                .expectNext("xx")
                .verifyComplete();
        assertThat(world.times("a")).isEqualTo(1);
    }

    @Test
    void the_idempotency_key_is_the_same_for_every_attempt_and_in_every_process() {
        List<String> keys = new ArrayList<>();
        Workflow<String, String> workflow = Workflows.workflow(
                "keys",
                (ctx, input) -> ctx.step("a", String.class, step -> {
                            keys.add(step.idempotencyKey());
                            return keys.size() < 3 ? Mono.error(new IllegalStateException()) : Mono.just(input);
                        })
                        .retry(1));
        DyingStore dying = new DyingStore(backend.newProcess(), 5, DyingStore.Moment.BEFORE);

        StepVerifier.create(DurableEngine.builder(dying).build().run(workflow, "t", "x"))
                .verifyError();
        StepVerifier.create(DurableEngine.builder(backend.newProcess()).build().run(workflow, "t", "x"))
                .expectNext("x")
                .verifyComplete();

        assertThat(keys).hasSize(3).containsOnly(keys.get(0));
        assertThat(backend.trace("t").envelopes())
                .filteredOn(envelope -> envelope.nodeId().equals("a"))
                .extracting(PersistenceEnvelope::idempotencyKey)
                .containsOnly(keys.get(0));
    }
}
