package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** One id is one run. */
class IdempotentRunTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();
    private final DurableEngine engine =
            DurableEngine.builder(backend.newProcess()).build();
    private final DurableEngine other =
            DurableEngine.builder(backend.newProcess()).build();

    @Test
    void a_completed_trace_gives_its_recorded_result() {
        StepVerifier.create(engine.run(Workflows.sequence(world), "t", "x"))
                .expectNext("xabc")
                .verifyComplete();
        StepVerifier.create(engine.run(Workflows.sequence(world), "t", "x"))
                .expectNext("xabc")
                .verifyComplete();
        StepVerifier.create(other.run(Workflows.sequence(world), "t", "x"))
                .expectNext("xabc")
                .verifyComplete();

        assertThat(world.all()).containsOnlyKeys("a", "b", "c").containsValue(1).doesNotContainValue(2);
        assertThat(backend.trace("t").position()).isEqualTo(5);
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
                        .hasCauseInstanceOf(IllegalStateException.class));
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
        StepVerifier.create(engine.run(Workflows.sequence(world), "t", "x"))
                .expectNext("xabc")
                .verifyComplete();
        StepVerifier.create(other.run(Workflows.sequence(world), "t", "y"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(InputConflictException.class)
                        .hasMessageContaining("'t'"));
    }

    @Test
    void another_input_is_refused_by_a_live_run() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        engine.run(waiting, "t", "x").subscribe();
        StepVerifier.create(engine.run(waiting, "t", "y")).verifyError(InputConflictException.class);
        StepVerifier.create(engine.run(Workflows.sequence(world), "t", "x"))
                .verifyError(WorkflowConflictException.class);
    }

    @Test
    void another_workflow_and_another_version_are_refused() {
        StepVerifier.create(engine.run(Workflows.sequence(world), "t", "x"))
                .expectNext("xabc")
                .verifyComplete();
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
        backend.newProcess()
                .append(PersistenceEnvelope.of("t", "sequence", 4, "a", Outcome.SUCCESS, Instant.EPOCH))
                .block();
        StepVerifier.create(engine.resume(Workflows.sequence(world), "t")).verifyError(ForeignTraceException.class);
    }

    @Test
    void illegal_arguments_throw_at_the_call() {
        assertThatIllegalArgumentException().isThrownBy(() -> engine.run(Workflows.sequence(world), "", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> engine.resume("t", -2));
        assertThatIllegalArgumentException().isThrownBy(() -> Workflow.named(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurableEngine.builder(backend.newProcess())
                        .register(Workflows.sequence(world))
                        .register(Workflows.sequence(world)));
    }
}
