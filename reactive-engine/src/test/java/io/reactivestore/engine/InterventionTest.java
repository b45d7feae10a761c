package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A person decides; the workflow takes it in once. */
class InterventionTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<EngineEvent> events = Workflows.recorder();
    private final Workflow<String, String> waiting = Workflows.waiting(world);
    private final DurableEngine engine = newEngine();

    private DurableEngine newEngine() {
        return DurableEngine.builder(backend.newProcess())
                .scheduler(time)
                .pollInterval(Duration.ofSeconds(1))
                .listener(events::add)
                .build();
    }

    @Test
    void supply_through_the_engine_goes_on_at_once() {
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        assertThat(events).last().isEqualTo(new EngineEvent.Waiting("t", Workflows.WAIT));
        assertThat(result).isNotDone();

        StepVerifier.create(engine.intervene("t", Workflows.supply("d", "yes"))).verifyComplete();

        assertThat(result).isCompletedWithValue("xa:yes:b");
        assertThat(envelope().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(envelope().payload()).isEqualTo(Payload.json("\"yes\""));
        assertThat(backend.trace("t").pendingInterventions()).isEmpty();
        assertThat(backend.trace("t").interventions())
                .singleElement()
                .satisfies(record -> assertThat(record.appliedByStep()).isEqualTo(2));
    }

    @Test
    void a_decision_saved_elsewhere_is_seen_at_the_next_look() {
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        backend.newProcess().saveIntervention("t", Workflows.supply("d", "yes")).block();
        assertThat(result).isNotDone();

        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(result).isCompletedWithValue("xa:yes:b");
    }

    @Test
    void a_decision_may_come_before_the_wait() {
        DyingStore dying = new DyingStore(backend.newProcess(), 3, DyingStore.Moment.AFTER);
        StepVerifier.create(DurableEngine.builder(dying).build().run(waiting, "t", "x"))
                .verifyError();
        StepVerifier.create(engine.intervene("t", Workflows.supply("d", "early")))
                .verifyComplete();

        StepVerifier.create(engine.run(waiting, "t", "x"))
                .expectNext("xa:early:b")
                .verifyComplete();
    }

    @Test
    void skip_goes_on_empty_and_supply_without_payload_too() {
        CompletableFuture<String> skipped = engine.run(waiting, "t", "x").toFuture();
        engine.intervene("t", Workflows.decide("d", InterventionAction.SKIP)).block();
        assertThat(skipped).isCompletedWithValue("xa:skipped:b");
        assertThat(envelope().outcome()).isEqualTo(Outcome.SKIPPED);

        CompletableFuture<String> nothing = engine.run(waiting, "u", "x").toFuture();
        engine.intervene("u", Workflows.decide("d", InterventionAction.SUPPLY)).block();
        assertThat(nothing).isCompletedWithValue("xa:skipped:b");
    }

    @Test
    void fail_reaches_user_code_and_is_the_same_after_a_restart() {
        DyingStore dying = new DyingStore(backend.newProcess(), 6, DyingStore.Moment.AFTER);
        CompletableFuture<String> crashed = DurableEngine.builder(dying)
                .scheduler(time)
                .pollInterval(Duration.ofSeconds(1))
                .build()
                .run(waiting, "t", "x")
                .toFuture();
        Intervention no = Workflows.decide("d", InterventionAction.FAIL)
                .withOperator("ann")
                .withReason("too dear");
        backend.newProcess().saveIntervention("t", no).block();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(crashed).isCompletedExceptionally();
        assertThat(envelope().outcome()).isEqualTo(Outcome.FAULT);

        StepVerifier.create(newEngine().run(waiting, "t", "x"))
                .expectNext("xa:Node 'approval' was made to fail by ann: too dear:b")
                .verifyComplete();
    }

    @Test
    void rerun_of_a_wait_is_refused_at_the_door() {
        engine.run(waiting, "t", "x").subscribe();
        StepVerifier.create(engine.intervene("t", Workflows.decide("d", InterventionAction.RERUN)))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(InterventionRefusedException.class)
                        .hasMessageContaining("Use SUPPLY"));
        assertThat(backend.trace("t").interventions()).isEmpty();
    }

    @Test
    void rerun_of_a_wait_saved_elsewhere_stops_the_run_and_is_on_record() {
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        backend.newProcess()
                .saveIntervention("t", Workflows.decide("d", InterventionAction.RERUN))
                .block();
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(result).isCompletedExceptionally();
        assertThat(events)
                .last()
                .satisfies(event -> assertThat(((EngineEvent.RunFailed) event).error())
                        .isInstanceOf(InterventionRefusedException.class));
        assertThat(backend.trace("t").pendingInterventions()).isEmpty();
        assertThat(backend.trace("t").completion()).isNull();
        takesAnotherDecision();
    }

    @Test
    void a_payload_of_another_type_is_refused_at_the_door_and_in_the_journal() {
        Intervention misfit =
                Workflows.decide("d", InterventionAction.SUPPLY).withPayload(Payload.json("{\"secret\":1}"));
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        StepVerifier.create(engine.intervene("t", misfit))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(InterventionRefusedException.class)
                        .hasMessageNotContaining("secret"));
        assertThat(result).isNotDone();

        backend.newProcess().saveIntervention("t", misfit).block();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(result).isCompletedExceptionally();
        takesAnotherDecision();
    }

    @Test
    void a_double_click_is_one_decision() {
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        backend.newProcess().saveIntervention("t", Workflows.supply("d", "yes")).block();
        StepVerifier.create(engine.intervene("t", Workflows.supply("d", "yes"))).verifyComplete();
        assertThat(result).isCompletedWithValue("xa:yes:b");
        assertThat(backend.trace("t").interventions()).hasSize(1);
    }

    @Test
    void an_unknown_trace_and_an_ended_one_take_no_decision() {
        StepVerifier.create(engine.intervene("none", Workflows.supply("d", "yes")))
                .verifyError(TraceNotFoundException.class);
        StepVerifier.create(engine.run(Workflows.sequence(world), "done", "x"))
                .expectNextCount(1)
                .verifyComplete();
        StepVerifier.create(engine.intervene("done", Workflows.supply("d", "yes")))
                .verifyError(TraceCompletedException.class);
    }

    @Test
    void a_waiting_run_whose_trace_was_taken_over_gives_the_result_of_the_other() {
        CompletableFuture<String> first = engine.run(waiting, "t", "x").toFuture();
        DurableEngine second = newEngine();
        CompletableFuture<String> other = second.run(waiting, "t", "x").toFuture();

        StepVerifier.create(second.intervene("t", Workflows.supply("d", "yes"))).verifyComplete();
        assertThat(other).isCompletedWithValue("xa:yes:b");
        assertThat(first).isNotDone();
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(first).isCompletedWithValue("xa:yes:b");
        assertThat(world.times("b")).isEqualTo(1);
    }

    @Test
    void a_run_whose_trace_was_taken_over_leaves_the_decision_to_the_other() {
        VirtualTimeScheduler early = VirtualTimeScheduler.create();
        CompletableFuture<String> first = DurableEngine.builder(backend.newProcess())
                .scheduler(early)
                .build()
                .run(waiting, "t", "x")
                .toFuture();
        CompletableFuture<String> second = engine.run(waiting, "t", "x").toFuture();
        backend.newProcess().saveIntervention("t", Workflows.supply("d", "yes")).block();

        early.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(first).isNotDone();
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(second).isCompletedWithValue("xa:yes:b");
    }

    private void takesAnotherDecision() {
        CompletableFuture<String> resumed = engine.run(waiting, "t", "x").toFuture();
        assertThat(resumed).isNotDone();
        engine.intervene("t", Workflows.supply("d2", "yes")).block();
        assertThat(resumed).isCompletedWithValue("xa:yes:b");
        assertThat(envelope().attempt()).isEqualTo(2);
    }

    private PersistenceEnvelope envelope() {
        return backend.trace("t").envelopes().stream()
                .filter(envelope -> envelope.nodeId().equals(Workflows.WAIT))
                .reduce((first, last) -> last)
                .orElseThrow();
    }
}
