package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A trace that ends without the trace it waits for takes that one with it. */
class CancelledChildTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final Workflow<String, String> child = Lab.workflow(
            "child",
            (ctx, in) -> ctx.step(
                            StepOptions.of("reserve", String.class).compensate(v -> world.does("release", v)),
                            step -> world.does("reserve", in))
                    .then(ctx.awaitIntervention("ok", String.class)));
    private final Workflow<String, String> parent = Workflow.named("parent")
            .deadline(Duration.ofHours(1))
            .input(String.class)
            .output(String.class)
            .body((ctx, in) -> ctx.child("kid", child, in));

    private CompletionState end(String traceId) {
        return lab.trace(traceId).completion().state();
    }

    @Test
    void a_cancel_reaches_the_child_which_takes_back_what_it_did() {
        DurableEngine engine = lab.engine().register(child).register(parent).build();
        engine.start(parent, "t", "x").block();

        engine.cancel("t", "no longer wanted").block();

        assertThat(end("t")).isEqualTo(CompletionState.CANCELLED);
        assertThat(end("t/kid")).isEqualTo(CompletionState.COMPENSATED);
        assertThat(world.times("release")).isEqualTo(1);
        assertThat(lab.trace("t/kid").completion().failure().message())
                .isEqualTo("the trace that waits for it ends with CANCELLED: cancelled");
    }

    @Test
    void a_child_that_has_left_memory_is_reached_as_well() {
        DurableEngine engine = lab.engine().register(child).register(parent).build();
        engine.start(parent, "t", "x").block();
        lab.pass(Duration.ofMinutes(5));

        lab.pass(Duration.ofHours(1));

        assertThat(end("t")).isEqualTo(CompletionState.TIMED_OUT);
        assertThat(end("t/kid")).isEqualTo(CompletionState.COMPENSATED);
    }

    @Test
    void a_failure_beside_the_child_reaches_it() {
        Workflow<String, String> failing = Lab.workflow(
                "failing",
                (ctx, in) -> Mono.zip(
                                ctx.child("kid", child, in),
                                ctx.step("other", String.class, () -> world.fails("other")))
                        .map(both -> "never"));
        DurableEngine engine = lab.engine().register(child).register(failing).build();
        engine.start(failing, "t", "x").block();
        lab.pass(Duration.ofMinutes(1));

        assertThat(end("t")).isEqualTo(CompletionState.FAULT);
        assertThat(end("t/kid")).isEqualTo(CompletionState.COMPENSATED);
    }

    @Test
    void a_child_that_nobody_waits_for_any_more_goes_on_when_its_parent_succeeds() {
        Workflow<String, String> impatient = Lab.workflow(
                "impatient",
                (ctx, in) -> Mono.firstWithValue(
                        ctx.child("kid", child, in), ctx.step("other", String.class, () -> world.does("other", "o"))));
        DurableEngine engine = lab.engine().register(child).register(impatient).build();

        assertThat(engine.run(impatient, "t", "x").block()).isEqualTo("o");
        lab.pass(Duration.ofMinutes(1));

        assertThat(lab.trace("t/kid").completion()).isNull();
        engine.intervene(
                        "t/kid",
                        Intervention.of("d", "ok", InterventionAction.SUPPLY, Lab.START)
                                .withPayload(Payload.json("\"yes\"")))
                .block();
        lab.pass(Duration.ofMinutes(1));
        assertThat(end("t/kid")).isEqualTo(CompletionState.SUCCESS);
    }
}
