package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** A trace goes on by its id alone, behind its newest step or an earlier one. */
class ResumeTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();
    private final Workflow<String, String> sequence = Workflows.sequence(world);
    private final DurableEngine engine =
            DurableEngine.builder(backend.newProcess()).register(sequence).build();

    @BeforeEach
    void a_process_dies_before_it_completes_the_trace() {
        DyingStore dying = new DyingStore(backend.newProcess(), 6, DyingStore.Moment.BEFORE);
        StepVerifier.create(DurableEngine.builder(dying).build().run(sequence, "t", "x"))
                .verifyError();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1).containsEntry("c", 1);
    }

    @Test
    void from_the_newest_step_nothing_is_done_again() {
        StepVerifier.create(engine.resume("t")).expectNext("xabc").verifyComplete();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1).containsEntry("c", 1);
        assertThat(backend.trace("t").resumptionCount()).isEqualTo(1);
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
        assertThat(backend.trace("t").envelopes().get(0).nodeId()).isEqualTo("start");
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
        DurableEngine ignorant = DurableEngine.builder(backend.newProcess())
                .register(Workflows.loop(world))
                .build();
        StepVerifier.create(ignorant.resume("t"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnknownWorkflowException.class)
                        .hasMessageContaining("sequence:1")
                        .hasMessageContaining("[loop:1]"));
        StepVerifier.create(ignorant.resume(Workflows.loop(world), "t")).verifyError(WorkflowConflictException.class);
        assertThat(backend.trace("t").resumptionCount()).isZero();
    }

    @Test
    void a_live_trace_is_not_rewound() {
        engine.run(Workflows.waiting(world), "live", "x").subscribe();
        StepVerifier.create(engine.resume("live", 0)).verifyError(TraceLiveException.class);
    }
}
