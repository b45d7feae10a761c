package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class TakenUpTest {

    private final Lab lab = new Lab();

    /** Stays open at its end. */
    private static Workflow<String, String> open() {
        return Workflow.named("open")
                .autoComplete(false)
                .input(String.class)
                .output(String.class)
                .body((ctx, in) -> ctx.step("a", String.class, () -> Mono.just(in + "a")));
    }

    @Test
    void who_resumes_a_trace_hears_of_an_end_that_comes_at_once() {
        Workflow<String, String> open = open();
        DurableEngine engine = lab.engine().register(open).build();
        engine.run(open, "t", "x").block();

        assertThat(engine.resume(open, "t").toFuture()).isCompletedWithValue("xa");
    }

    @Test
    void a_decision_about_a_step_on_record_is_taken_in_although_the_replay_comes_to_its_end_at_once() {
        Workflow<String, String> open = open();
        DurableEngine engine = lab.engine().register(open).build();
        engine.run(open, "t", "x").block();
        lab.newProcess()
                .traces()
                .saveIntervention(
                        "t",
                        Intervention.of("d", "a", InterventionAction.SUPPLY, lab.clock.instant())
                                .withPayload(Payload.json("\"other\"")))
                .block();

        CompletableFuture<String> result = engine.resume(open, "t").toFuture();
        lab.pass(Duration.ofSeconds(1));

        assertThat(result).isCompletedWithValue("other");
    }

    /** Takes its time between two steps, so that its replay is over only later. */
    private Workflow<String, String> leisurely(SideEffects world) {
        return Workflow.named("leisurely")
                .deadline(Duration.ofHours(1))
                .input(String.class)
                .output(String.class)
                .body((ctx, in) -> ctx.step(undone(world, "a"), attempt -> world.does("a", in))
                        .delayElement(Duration.ofSeconds(1), lab.time)
                        .flatMap(a -> ctx.step(undone(world, "b"), attempt -> world.does("b", a)))
                        .delayElement(Duration.ofSeconds(1), lab.time)
                        .flatMap(b -> ctx.step(
                                "c", String.class, () -> world.does("c", b).then(Mono.never()))));
    }

    private static StepOptions<String> undone(SideEffects world, String name) {
        return StepOptions.of(name, String.class).compensate(value -> world.does("undo-" + name, value));
    }

    private void dieInC(Workflow<String, String> workflow) {
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .register(workflow)
                .build()
                .start(workflow, "t", "x")
                .subscribe();
        lab.pass(Duration.ofSeconds(3));
        dying.die();
    }

    private void isTakenBackWhole(SideEffects world) {
        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.COMPENSATED);
        assertThat(lab.nodes("t")).containsSubsequence("a", "b", "$undo:b", "$undo:a");
        assertThat(world.all()).isEqualTo(Map.of("a", 1, "b", 1, "c", 1, "undo-a", 1, "undo-b", 1));
    }

    @Test
    void what_a_slow_replay_tells_late_is_taken_back_by_a_cancel_as_well() {
        SideEffects world = new SideEffects();
        Workflow<String, String> leisurely = leisurely(world);
        dieInC(leisurely);
        lab.engine().build().cancel("t", "no longer wanted").block();

        lab.engine().register(leisurely).build();
        lab.pass(Duration.ofMinutes(2));

        isTakenBackWhole(world);
    }

    @Test
    void a_cancel_in_the_middle_of_a_slow_replay_waits_for_its_end() {
        SideEffects world = new SideEffects();
        Workflow<String, String> leisurely = leisurely(world);
        dieInC(leisurely);
        DurableEngine engine = lab.engine().register(leisurely).build();
        engine.resume(leisurely, "t").subscribe(value -> {}, error -> {});
        lab.pass(Duration.ofMillis(500));

        engine.cancel("t", "no longer wanted").block();
        lab.pass(Duration.ofSeconds(5));

        isTakenBackWhole(world);
    }

    @Test
    void what_a_slow_replay_tells_late_is_taken_back_when_the_deadline_has_passed_as_well() {
        SideEffects world = new SideEffects();
        Workflow<String, String> leisurely = leisurely(world);
        dieInC(leisurely);
        lab.pass(Duration.ofHours(2));

        lab.engine().register(leisurely).build();
        lab.pass(Duration.ofMinutes(2));

        isTakenBackWhole(world);
    }

    @Test
    void a_cancel_does_not_wait_for_ever_for_a_step_that_the_code_no_longer_has() {
        SideEffects world = new SideEffects();
        dieInC(leisurely(world));
        lab.engine().build().cancel("t", "no longer wanted").block();

        Workflow<String, String> shorter = Workflow.named("leisurely")
                .input(String.class)
                .output(String.class)
                .body((ctx, in) -> ctx.step(undone(world, "a"), attempt -> world.does("a", in))
                        .then(ctx.step("c", String.class, () -> world.does("c", in))));
        lab.engine().register(shorter).build();
        lab.pass(Duration.ofMinutes(2));

        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.COMPENSATED);
        assertThat(world.all()).isEqualTo(Map.of("a", 1, "b", 1, "c", 1, "undo-a", 1));
    }
}
