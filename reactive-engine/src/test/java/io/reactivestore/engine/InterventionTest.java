package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** A person decides; the workflow takes it in once. */
class InterventionTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final List<EngineEvent> events = Workflows.recorder();
    private final Workflow<String, String> waiting = Workflows.waiting(world);
    private final DurableEngine engine = newEngine();

    private DurableEngine newEngine() {
        return lab.engine()
                .register(waiting)
                .register(Workflows.sequence(world))
                .listener(events::add)
                .build();
    }

    private void saveElsewhere(Intervention decision) {
        lab.newProcess().traces().saveIntervention("t", decision).block();
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
        assertThat(lab.trace("t").pendingInterventions()).isEmpty();
        assertThat(lab.trace("t").interventions())
                .singleElement()
                .satisfies(record -> assertThat(record.appliedByStep()).isEqualTo(2));
    }

    @Test
    void a_decision_saved_elsewhere_is_seen_when_the_store_tells() {
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        saveElsewhere(Workflows.supply("d", "yes"));

        lab.pass(Duration.ofMillis(1));

        assertThat(result).isCompletedWithValue("xa:yes:b");
    }

    @Test
    void a_decision_saved_elsewhere_is_seen_at_the_next_look_but_one_if_the_store_does_not_tell() {
        DurableEngine deaf = lab.engine(lab.newProcess(new DeafBackend(lab.backend)))
                .suspendAfter(Duration.ofHours(1))
                .register(waiting)
                .build();
        CompletableFuture<String> result = deaf.run(waiting, "t", "x").toFuture();
        saveElsewhere(Workflows.supply("d", "yes"));

        lab.pass(Duration.ofSeconds(2));

        assertThat(result).isCompletedWithValue("xa:yes:b");
    }

    @Test
    void a_decision_may_come_before_the_wait() {
        // the beat, the start, a
        DyingBackend dying = new DyingBackend(lab.backend, 3, DyingBackend.Moment.AFTER);
        lab.engine(lab.newProcess(dying))
                .pollInterval(Duration.ofHours(1))
                .build()
                .run(waiting, "t", "x")
                .subscribe();
        assertThat(lab.nodes("t")).containsExactly("start", "a");
        saveElsewhere(Workflows.supply("d", "early"));

        StepVerifier.create(engine.resume(waiting, "t"))
                .expectNext("xa:early:b")
                .verifyComplete();
        assertThat(lab.nodes("t")).containsExactly("start", "a", Workflows.WAIT, "b");
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
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .listener(event -> {
                    if (event instanceof EngineEvent.StepRecorded step && step.outcome() == Outcome.FAULT) {
                        dying.die();
                    }
                })
                .build()
                .run(waiting, "t", "x")
                .subscribe();
        saveElsewhere(Workflows.decide("d", InterventionAction.FAIL)
                .withOperator("ann")
                .withReason("too dear"));
        lab.pass(Duration.ofMillis(1));
        assertThat(envelope().outcome()).isEqualTo(Outcome.FAULT);

        StepVerifier.create(engine.resume(waiting, "t"))
                .expectNext("xa:Step 'approval' failed: " + InterventionFailedException.class.getName()
                        + ": made to fail by ann: too dear:b")
                .verifyComplete();
    }

    @Test
    void rerun_of_a_wait_is_refused_at_the_door() {
        engine.run(waiting, "t", "x").subscribe();
        StepVerifier.create(engine.intervene("t", Workflows.decide("d", InterventionAction.RERUN)))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(InterventionRefusedException.class)
                        .hasMessageContaining("Use SUPPLY"));
        assertThat(lab.trace("t").interventions()).isEmpty();
    }

    @Test
    void rerun_of_a_wait_saved_elsewhere_is_refused_on_record_and_the_wait_goes_on() {
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        saveElsewhere(Workflows.decide("d", InterventionAction.RERUN));
        lab.pass(Duration.ofMillis(1));

        assertThat(result).isNotDone();
        assertThat(envelope().outcome()).isEqualTo(Outcome.FAULT);
        assertThat(Remark.of(envelope())).isEqualTo(Remark.REFUSED);
        assertThat(lab.trace("t").pendingInterventions()).isEmpty();
        takesAnotherDecision(result);
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
        assertThat(lab.trace("t").interventions()).isEmpty();

        saveElsewhere(misfit);
        lab.pass(Duration.ofMillis(1));
        assertThat(result).isNotDone();
        assertThat(envelope().failure().message()).doesNotContain("secret");
        takesAnotherDecision(result);
    }

    @Test
    void a_trace_nobody_has_in_memory_refuses_by_what_is_on_record() {
        engine.run(waiting, "t", "x").subscribe();
        lab.pass(Duration.ofSeconds(3));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.WAITING);

        StepVerifier.create(engine.intervene("t", Workflows.decide("d", InterventionAction.RERUN)))
                .verifyError(InterventionRefusedException.class);
        StepVerifier.create(engine.intervene(
                        "t", Workflows.decide("d", InterventionAction.SUPPLY).withPayload(Payload.json("[1]"))))
                .verifyError(InterventionRefusedException.class);
        StepVerifier.create(engine.intervene("t", Intervention.of("d", "nowhere", InterventionAction.SKIP, Lab.START)))
                .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("no such node"));
        assertThat(lab.trace("t").interventions()).isEmpty();
    }

    @Test
    void a_double_click_is_one_decision() {
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        saveElsewhere(Workflows.supply("d", "yes"));
        StepVerifier.create(engine.intervene("t", Workflows.supply("d", "yes"))).verifyComplete();
        assertThat(result).isCompletedWithValue("xa:yes:b");
        assertThat(lab.trace("t").interventions()).hasSize(1);
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
        CompletableFuture<String> other = second.resume(waiting, "t").toFuture();

        StepVerifier.create(second.intervene("t", Workflows.supply("d", "yes"))).verifyComplete();
        assertThat(other).isCompletedWithValue("xa:yes:b");
        lab.pass(Duration.ofSeconds(2));

        assertThat(first).isCompletedWithValue("xa:yes:b");
        assertThat(world.times("b")).isEqualTo(1);
    }

    private void takesAnotherDecision(CompletableFuture<String> result) {
        engine.intervene("t", Workflows.supply("d2", "yes")).block();
        assertThat(result).isCompletedWithValue("xa:yes:b");
        assertThat(envelope().attempt()).isEqualTo(2);
    }

    private PersistenceEnvelope envelope() {
        return lab.trace("t").envelopes().stream()
                .filter(envelope -> envelope.nodeId().equals(Workflows.WAIT))
                .reduce((first, last) -> last)
                .orElseThrow();
    }
}
