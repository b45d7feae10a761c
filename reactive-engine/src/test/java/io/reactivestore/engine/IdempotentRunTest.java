package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** One id is one run. */
class IdempotentRunTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final Workflow<String, String> sequence = Workflows.sequence(world);
    private final Workflow<String, String> waiting = Workflows.waiting(world);
    private final DurableEngine engine =
            lab.engine().register(sequence).register(waiting).build();
    private final DurableEngine other =
            lab.engine().register(sequence).register(waiting).build();

    @Test
    void a_completed_trace_gives_its_recorded_result() {
        StepVerifier.create(engine.run(sequence, "t", "x")).expectNext("xabc").verifyComplete();
        StepVerifier.create(engine.run(sequence, "t", "x")).expectNext("xabc").verifyComplete();
        StepVerifier.create(other.run(sequence, "t", "x")).expectNext("xabc").verifyComplete();
        StepVerifier.create(other.result(sequence, "t")).expectNext("xabc").verifyComplete();

        assertThat(world.all()).containsOnlyKeys("a", "b", "c").containsValue(1).doesNotContainValue(2);
        assertThat(lab.trace("t").position()).isEqualTo(5);
    }

    @Test
    void a_completed_trace_without_result_completes_empty() {
        Workflow<String, Void> mute = Workflow.named("mute")
                .input(String.class)
                .output(Void.class)
                .body((ctx, input) ->
                        ctx.step("a", Void.class, () -> world.does("a", 1).then()));
        StepVerifier.create(engine.run(mute, "t", "x")).verifyComplete();
        StepVerifier.create(other.run(mute, "t", "x")).verifyComplete();
        assertThat(world.times("a")).isEqualTo(1);
    }

    @Test
    void a_failed_trace_gives_its_recorded_failure() {
        Workflow<String, String> failing = Workflows.flaky(world, 1);
        StepVerifier.create(engine.run(failing, "t", "x"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(WorkflowFailedException.class)
                        .hasCauseInstanceOf(StepFailedException.class)
                        .hasRootCauseInstanceOf(IllegalStateException.class));
        StepVerifier.create(other.run(failing, "t", "x")).verifyErrorSatisfies(error -> {
            WorkflowFailedException failed = (WorkflowFailedException) error;
            assertThat(failed.state()).isEqualTo(CompletionState.FAULT);
            assertThat(failed.failure()).isNotNull();
            assertThat(failed.failure().message()).isEqualTo("try 1");
            assertThat(failed).hasMessageContaining("try 1").hasNoCause();
        });
        assertThat(world.times("flaky")).isEqualTo(1);
    }

    @Test
    void another_input_is_refused() {
        StepVerifier.create(engine.run(sequence, "t", "x")).expectNext("xabc").verifyComplete();
        StepVerifier.create(other.run(sequence, "t", "y"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(InputConflictException.class)
                        .hasMessageContaining("'t'"));
    }

    @Test
    void another_input_is_refused_by_a_live_run() {
        engine.run(waiting, "t", "x").subscribe();
        StepVerifier.create(engine.run(waiting, "t", "y")).verifyError(InputConflictException.class);
        StepVerifier.create(engine.run(sequence, "t", "x")).verifyError(WorkflowConflictException.class);
    }

    @Test
    void who_is_refused_does_not_disturb_those_who_listen_rightly() {
        other.run(waiting, "t", "x").subscribe();
        CompletableFuture<String> listener = engine.run(waiting, "t", "x").toFuture();
        StepVerifier.create(engine.run(waiting, "t", "y")).verifyError(InputConflictException.class);
        StepVerifier.create(engine.run(sequence, "t", "x")).verifyError(WorkflowConflictException.class);

        other.intervene("t", Workflows.supply("d", "yes")).block();
        lab.pass(Duration.ofSeconds(2));
        assertThat(listener).isCompletedWithValue("xa:yes:b");
    }

    @Test
    void a_trace_that_another_engine_runs_is_listened_to_and_not_taken_over() {
        CompletableFuture<String> first = engine.run(waiting, "t", "x").toFuture();
        CompletableFuture<String> second = other.run(waiting, "t", "x").toFuture();
        engine.intervene("t", Workflows.supply("d", "yes")).block();
        assertThat(first).isCompletedWithValue("xa:yes:b");
        assertThat(second).isNotDone();

        lab.pass(Duration.ofSeconds(1));

        assertThat(second).isCompletedWithValue("xa:yes:b");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1);
        assertThat(lab.trace("t").resumptionCount()).isZero();
    }

    @Test
    void another_workflow_and_another_version_are_refused() {
        StepVerifier.create(engine.run(sequence, "t", "x")).expectNext("xabc").verifyComplete();
        StepVerifier.create(other.run(Workflows.loop(world), "t", "x")).verifyError(WorkflowConflictException.class);
        Workflow<String, String> second = Workflow.named("sequence")
                .version("2")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> Mono.just(input));
        StepVerifier.create(other.run(second, "t", "x"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(WorkflowConflictException.class)
                        .hasMessageContaining("sequence:1")
                        .hasMessageContaining("sequence:2"));
    }

    @Test
    void a_trace_that_no_engine_started_is_refused() {
        lab.newProcess()
                .traces()
                .append(PersistenceEnvelope.of("t", "sequence", 4, "a", Outcome.SUCCESS, Instant.EPOCH))
                .block();
        StepVerifier.create(engine.resume(sequence, "t")).verifyError(ForeignTraceException.class);
    }

    @Test
    void illegal_arguments_throw_at_the_call() {
        assertThatIllegalArgumentException().isThrownBy(() -> engine.run(sequence, "", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> engine.resume("t", -2));
        assertThatIllegalArgumentException().isThrownBy(() -> Workflow.named(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lab.engine().register(sequence).register(sequence));
    }
}
