package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** Who watches is told what happens, in order. */
class EngineEventsTest {

    private final SharedBackend backend = new SharedBackend();
    private final SideEffects world = new SideEffects();
    private final List<EngineEvent> events = Workflows.recorder();

    @Test
    void new_steps_and_replayed_ones() {
        DyingStore dying = new DyingStore(backend.newProcess(), 4, DyingStore.Moment.BEFORE);
        StepVerifier.create(DurableEngine.builder(dying)
                        .listener(events::add)
                        .build()
                        .run(Workflows.sequence(world), "t", "x"))
                .verifyError();
        assertThat(events.subList(0, 2))
                .containsExactly(
                        new EngineEvent.RunStarted("t", "sequence", "1", 0),
                        new EngineEvent.StepRecorded("t", 1, "a", 1, Outcome.SUCCESS, false));
        assertThat(events).hasSize(3).last().isInstanceOf(EngineEvent.RunFailed.class);

        events.clear();
        StepVerifier.create(DurableEngine.builder(backend.newProcess())
                        .listener(events::add)
                        .build()
                        .run(Workflows.sequence(world), "t", "x"))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(events)
                .containsExactly(
                        new EngineEvent.RunStarted("t", "sequence", "1", 1),
                        new EngineEvent.StepRecorded("t", 1, "a", 1, Outcome.SUCCESS, true),
                        new EngineEvent.StepRecorded("t", 2, "b", 1, Outcome.SUCCESS, false),
                        new EngineEvent.StepRecorded("t", 3, "c", 1, Outcome.SUCCESS, false),
                        new EngineEvent.RunCompleted("t"));
    }

    @Test
    void a_listener_that_throws_does_not_harm_the_run() {
        DurableEngine engine = DurableEngine.builder(backend.newProcess())
                .listener(event -> {
                    throw new IllegalStateException("listener");
                })
                .build();
        StepVerifier.create(engine.run(Workflows.sequence(world), "t", "x"))
                .expectNext("xabc")
                .verifyComplete();
    }
}
