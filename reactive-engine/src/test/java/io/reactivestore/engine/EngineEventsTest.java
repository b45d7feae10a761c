package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** Who watches is told what happens, in order. */
class EngineEventsTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final Workflow<String, String> sequence = Workflows.sequence(world);
    private final List<EngineEvent> events = Workflows.recorder();

    @Test
    void new_steps_and_replayed_ones() {
        // the beat, the start, a, b
        DyingBackend dying = new DyingBackend(lab.backend, 4, DyingBackend.Moment.BEFORE);
        lab.engine(lab.newProcess(dying))
                .pollInterval(Duration.ofHours(1))
                .listener(events::add)
                .build()
                .run(sequence, "t", "x")
                .subscribe();
        assertThat(events)
                .containsExactly(
                        new EngineEvent.RunStarted("t", "sequence", "1", 0),
                        new EngineEvent.StepRecorded("t", "sequence", 1, "a", 1, Outcome.SUCCESS, false));

        events.clear();
        StepVerifier.create(lab.engine()
                        .listener(events::add)
                        .register(sequence)
                        .build()
                        .resume(sequence, "t"))
                .expectNext("xabc")
                .verifyComplete();
        assertThat(events)
                .containsExactly(
                        new EngineEvent.RunStarted("t", "sequence", "1", 1),
                        new EngineEvent.StepRecorded("t", "sequence", 1, "a", 1, Outcome.SUCCESS, true),
                        new EngineEvent.StepRecorded("t", "sequence", 2, "b", 1, Outcome.SUCCESS, false),
                        new EngineEvent.StepRecorded("t", "sequence", 3, "c", 1, Outcome.SUCCESS, false),
                        new EngineEvent.RunCompleted("t", "sequence", Duration.ZERO));
    }

    @Test
    void a_wait_its_suspension_and_its_recovery() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        DurableEngine engine =
                lab.engine().listener(events::add).register(waiting).build();
        engine.run(waiting, "t", "x").subscribe();
        lab.pass(Duration.ofSeconds(2));
        engine.intervene("t", Workflows.supply("d", "yes")).block();
        lab.pass(Duration.ofSeconds(1));

        assertThat(events)
                .containsSubsequence(
                        new EngineEvent.StepRecorded("t", "waiting", 2, Workflows.WAIT, 1, Outcome.STARTED, false),
                        new EngineEvent.Waiting("t", Workflows.WAIT),
                        new EngineEvent.RunSuspended("t", "waiting", null),
                        new EngineEvent.RunStarted("t", "waiting", "1", 0),
                        new EngineEvent.StepRecorded("t", "waiting", 2, Workflows.WAIT, 1, Outcome.SUCCESS, false),
                        new EngineEvent.RunCompleted("t", "waiting", Duration.ofSeconds(2)));
    }

    @Test
    void a_listener_that_throws_does_not_harm_the_run() {
        DurableEngine engine = lab.engine()
                .listener(event -> {
                    throw new IllegalStateException("listener");
                })
                .build();
        StepVerifier.create(engine.run(sequence, "t", "x")).expectNext("xabc").verifyComplete();
    }
}
