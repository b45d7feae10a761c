package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Of a part of the traces progress is recorded; what is durable is durable in all of them. */
class SampledProgressTest {

    private static final int TRACES = 2_000;

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();

    private Workflow<String, String> telling(double rate) {
        return Workflow.named("telling")
                .sampleProgress(rate)
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .flatMap(a -> ctx.emit("half", 50).thenReturn(a))
                        .flatMap(a -> ctx.emit("half", 75).thenReturn(a))
                        .flatMap(a -> ctx.awaitIntervention(Workflows.WAIT, String.class))
                        .flatMap(b -> ctx.step("b", String.class, () -> world.does("b", b))));
    }

    private List<String> run(double rate) {
        Workflow<String, String> workflow = telling(rate);
        DurableEngine engine = lab.engine().register(workflow).build();
        engine.start(workflow, "t", "x").block();
        engine.intervene("t", Workflows.supply("1", "yes")).block();
        StepVerifier.create(engine.result(workflow, "t")).expectNext("yes").verifyComplete();
        return lab.nodes("t");
    }

    @Test
    void by_default_all_of_it_is_recorded() {
        assertThat(run(1)).containsExactly("start", "a", "$emit:half", "$emit:half#2", "approval", "approval", "b");
    }

    @Test
    void at_a_rate_of_0_steps_and_waits_are_recorded_and_nothing_else() {
        assertThat(run(0)).containsExactly("start", "a", "approval", "approval", "b");
    }

    @Test
    void the_rate_is_about_that_part_of_the_traces() {
        WorkflowTraits some = telling(0.25).traits();
        assertThat(IntStream.range(0, TRACES)
                        .filter(i -> some.recordsProgress("order-" + i))
                        .count())
                .isBetween(TRACES / 5L, TRACES * 3L / 10);
    }

    @Test
    void what_is_recorded_at_one_rate_is_recorded_at_every_higher_one() {
        WorkflowTraits few = telling(0.1).traits();
        WorkflowTraits more = telling(0.5).traits();
        assertThat(IntStream.range(0, TRACES).mapToObj(i -> "order-" + i).filter(few::recordsProgress))
                .isNotEmpty()
                .allMatch(more::recordsProgress);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void a_rate_that_has_changed_disturbs_no_trace_under_way(double before) {
        Workflow<String, String> old = telling(before);
        lab.engine().register(old).build().start(old, "t", "x").block();
        List<String> waiting = lab.nodes("t");

        List<EngineEvent> events = Workflows.recorder();
        Workflow<String, String> changed = telling(1 - before);
        DurableEngine engine =
                lab.engine().register(changed).listener(events::add).build();
        engine.intervene("t", Workflows.supply("1", "yes")).block();
        StepVerifier.create(engine.resume(changed, "t")).expectNext("yes").verifyComplete();

        assertThat(lab.nodes("t")).containsAll(waiting).contains("b");
        assertThat(world.all()).containsEntry("a", 1);
        assertThat(events).noneMatch(EngineEvent.StepsNotAskedFor.class::isInstance);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.001, 1.001, Double.NaN, Double.POSITIVE_INFINITY})
    void another_rate_is_refused(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workflow.named("w").sampleProgress(rate))
                .withMessageContaining("from 0 to 1");
    }
}
