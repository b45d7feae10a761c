package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** A trace goes on by its id alone, behind its newest step or an earlier one. */
class ResumeTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final Workflow<String, String> sequence = Workflows.sequence(world);
    private final DurableEngine engine = lab.engine().register(sequence).build();

    @BeforeEach
    void a_process_dies_before_it_completes_the_trace() {
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .listener(event -> {
                    if (event instanceof EngineEvent.StepRecorded step
                            && step.nodeId().equals("c")) {
                        dying.die();
                    }
                })
                .build()
                .run(sequence, "t", "x")
                .subscribe();
        assertThat(lab.nodes("t")).containsExactly("start", "a", "b", "c");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1).containsEntry("c", 1);
    }

    @Test
    void from_the_newest_step_nothing_is_done_again() {
        StepVerifier.create(engine.resume("t")).expectNext("xabc").verifyComplete();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1).containsEntry("c", 1);
        assertThat(lab.trace("t").resumptionCount()).isEqualTo(1);
    }

    @Test
    void from_an_earlier_step_what_lies_beyond_is_done_again() {
        StepVerifier.create(engine.resume("t", 1)).expectNext("xabc").verifyComplete();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 2).containsEntry("c", 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0})
    void from_the_start_everything_is_done_again_with_the_recorded_input(long start) {
        StepVerifier.create(engine.resume(sequence, "t", start))
                .expectNext("xabc")
                .verifyComplete();
        assertThat(world.all()).containsEntry("a", 2).containsEntry("b", 2).containsEntry("c", 2);
        assertThat(lab.trace("t").envelopes().get(0).nodeId()).isEqualTo("start");
    }

    @Test
    void the_refusals_of_the_store_arrive_as_they_are() {
        StepVerifier.create(engine.resume("t", 4)).verifyError(ResumeOutOfRangeException.class);
        StepVerifier.create(engine.resume("none")).verifyError(TraceNotFoundException.class);
        StepVerifier.create(engine.resume("t")).expectNext("xabc").verifyComplete();
        StepVerifier.create(engine.resume("t")).verifyError(TraceCompletedException.class);
        StepVerifier.create(engine.resume("t", 1)).verifyError(TraceCompletedException.class);
    }

    @Test
    void a_workflow_that_is_not_registered_is_refused_with_what_is() {
        DurableEngine ignorant = lab.engine().register(Workflows.loop(world)).build();
        StepVerifier.create(ignorant.resume("t"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnknownWorkflowException.class)
                        .hasMessageContaining("sequence:1")
                        .hasMessageContaining("[loop:1]"));
        StepVerifier.create(ignorant.resume(Workflows.loop(world), "t")).verifyError(WorkflowConflictException.class);
        assertThat(lab.trace("t").resumptionCount()).isZero();
    }

    @Test
    void a_live_trace_is_rewound_where_it_is() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        CompletableFuture<String> result = engine.run(waiting, "live", "x").toFuture();
        assertThat(world.times("a")).isEqualTo(2);

        CompletableFuture<String> again = engine.resume(waiting, "live", 0).toFuture();
        assertThat(world.times("a")).isEqualTo(3);
        engine.intervene("live", Workflows.supply("d", "yes")).block();

        assertThat(result).isCompletedWithValue("xa:yes:b");
        assertThat(again).isCompletedWithValue("xa:yes:b");
        StepVerifier.create(engine.resume(waiting, "live", 0)).verifyError(TraceCompletedException.class);
    }

    @Test
    void a_live_trace_is_not_rewound_for_who_means_another_workflow_or_too_high_a_step() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        engine.run(waiting, "live", "x").subscribe();
        StepVerifier.create(engine.resume(sequence, "live", 0)).verifyError(WorkflowConflictException.class);
        StepVerifier.create(engine.resume(waiting, "live", 3)).verifyError(ResumeOutOfRangeException.class);
        assertThat(lab.trace("live").resumptionCount()).isZero();
        assertThat(world.times("a")).isEqualTo(2);
    }
}
