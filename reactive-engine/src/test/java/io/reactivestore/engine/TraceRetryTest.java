package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.TraceStatus;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A trace that fails is tried again before it ends, if it is to be. */
class TraceRetryTest {

    private static final Duration DELAY = Duration.ofMinutes(1);
    private static final RetryPolicy THREE = RetryPolicy.fixed(3, DELAY);

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();

    private Workflow<String, String> retried(
            RetryPolicy retry, BiFunction<WorkflowContext, String, Mono<String>> body) {
        return Workflow.named("retried")
                .deadLetters(DeadLetterPolicy.retryThenSend(retry))
                .input(String.class)
                .output(String.class)
                .body(body);
    }

    private Mono<String> failsUntil(int tries, String what) {
        return world.does(what, what)
                .flatMap(done ->
                        world.times(what) < tries ? Mono.error(new IllegalStateException("not yet")) : Mono.just(done));
    }

    private Workflow<String, String> sequence(int tries) {
        return retried(
                THREE,
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", "a"))
                        .then(ctx.step("b", String.class, () -> failsUntil(tries, "b")))
                        .then(ctx.step("c", String.class, () -> world.does("c", "c"))));
    }

    private DurableEngine start(Workflow<String, String> workflow) {
        DurableEngine engine = lab.engine().register(workflow).build();
        engine.start(workflow, "t", "x").subscribe();
        return engine;
    }

    private List<DeadLetter> letters() {
        return Objects.requireNonNull(lab.newProcess()
                .require(Capability.DEAD_LETTERS)
                .list(DeadLetterQuery.all())
                .collectList()
                .block());
    }

    @Test
    void it_goes_on_from_the_step_that_failed_after_the_delay() {
        start(sequence(3));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.WAITING);
        assertThat(lab.trace("t").head().dueAt()).isEqualTo(Lab.START.plus(DELAY));
        assertThat(lab.trace("t").completion()).isNull();
        lab.pass(DELAY.minusSeconds(1));
        assertThat(world.times("b")).isEqualTo(1);
        lab.pass(Duration.ofSeconds(3));
        assertThat(world.times("b")).isEqualTo(2);
        lab.pass(DELAY.plusSeconds(3));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.SUCCESS);
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 3).containsEntry("c", 1);
        assertThat(letters()).isEmpty();
    }

    @Test
    void when_no_attempt_is_left_it_ends_with_one_letter() {
        start(sequence(100));
        lab.pass(DELAY.multipliedBy(5));
        assertThat(world.times("b")).isEqualTo(3);
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.FAULT);
        assertThat(letters()).extracting(DeadLetter::cause).containsExactly(DeadLetterCause.FAULT);
        assertThat(letters()).extracting(DeadLetter::revision).containsExactly(1L);
    }

    @Test
    void the_count_survives_restarts() {
        Workflow<String, String> workflow = sequence(100);
        DurableEngine engine = start(workflow);
        for (int i = 0; i < 4; i++) {
            engine.close().block();
            engine = lab.engine().register(workflow).build();
            lab.pass(DELAY.plusSeconds(5));
        }
        assertThat(world.times("b")).isEqualTo(3);
        assertThat(letters()).hasSize(1);
    }

    @Test
    void a_decision_between_the_note_of_an_attempt_and_its_resume_does_not_hide_it_from_the_count() {
        SlowBackend slow = new SlowBackend(lab.backend);
        Workflow<String, String> workflow = sequence(100);
        DurableEngine engine =
                lab.engine(lab.newProcess(slow)).register(workflow).build();
        slow.holdAnswers(event ->
                event instanceof JournalEvent.Custom custom && custom.type().equals(TraceRetry.RECORD));
        engine.start(workflow, "t", "x").subscribe();
        Intervention later = Intervention.of("d", "c", InterventionAction.SKIP, Lab.START);
        lab.newProcess().traces().saveIntervention("t", later).block();
        slow.letGo();
        lab.pass(DELAY.multipliedBy(5));
        assertThat(world.times("b")).isEqualTo(3);
        assertThat(letters()).hasSize(1);
    }

    @Test
    void who_waits_for_the_result_waits_through_all_attempts() {
        Workflow<String, String> workflow = sequence(2);
        DurableEngine engine = lab.engine().register(workflow).build();
        var result = engine.run(workflow, "t", "x").toFuture();
        lab.pass(DELAY.plusSeconds(3));
        assertThat(result).isCompletedWithValue("c");
    }

    @Test
    void what_ran_beside_the_failed_step_and_has_a_lower_number_is_kept() {
        start(retried(
                THREE,
                (ctx, input) -> Mono.zip(
                                ctx.step("left", String.class, () -> world.does("left", "l")),
                                ctx.step("right", String.class, () -> failsUntil(2, "right")))
                        .map(both -> both.getT1() + both.getT2())));
        lab.pass(DELAY.plusSeconds(3));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.SUCCESS);
        assertThat(world.all()).containsEntry("left", 1).containsEntry("right", 2);
    }

    @Test
    void what_the_code_got_over_is_not_done_again() {
        start(retried(
                THREE,
                (ctx, input) -> ctx.step("a", String.class, () -> world.<String>fails("a"))
                        .onErrorReturn("none")
                        .then(ctx.step("b", String.class, () -> failsUntil(2, "b")))));
        lab.pass(DELAY.plusSeconds(3));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.SUCCESS);
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 2);
    }

    @Test
    void code_that_fails_outside_its_steps_is_run_again_and_no_step_is() {
        start(retried(
                THREE,
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", "a"))
                        .flatMap(a -> failsUntil(2, "outside"))));
        lab.pass(DELAY.plusSeconds(3));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.SUCCESS);
        assertThat(world.all()).containsEntry("a", 1).containsEntry("outside", 2);
    }

    @Test
    void nothing_is_taken_back_until_no_attempt_is_left() {
        start(retried(
                RetryPolicy.fixed(2, DELAY),
                (ctx, input) -> ctx.step(
                                StepOptions.of("a", String.class).compensate(a -> world.does("undo", a)),
                                step -> world.does("a", "a"))
                        .then(ctx.step("b", String.class, () -> world.fails("b")))));
        assertThat(world.times("undo")).isZero();
        lab.pass(DELAY.plusSeconds(3));
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 2).containsEntry("undo", 1);
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.COMPENSATED);
        assertThat(letters()).hasSize(1);
    }

    @Test
    void what_the_policy_does_not_mean_is_not_tried_again() {
        start(retried(
                THREE.on(error ->
                        !(error instanceof StepFailedException failed && failed.isA(IllegalStateException.class))),
                (ctx, input) -> ctx.step("b", String.class, () -> world.fails("b"))));
        lab.pass(DELAY.multipliedBy(3));
        assertThat(world.times("b")).isEqualTo(1);
        assertThat(letters()).hasSize(1);
    }

    @Test
    void what_a_person_lets_fail_is_not_tried_again() {
        DurableEngine engine = start(retried(THREE, (ctx, input) -> ctx.awaitIntervention("ok", String.class)));
        engine.intervene("t", Intervention.of("no", "ok", InterventionAction.FAIL, Lab.START))
                .block();
        lab.pass(Duration.ofSeconds(3));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.FAULT);
        assertThat(letters()).hasSize(1);
    }

    @Test
    void a_cancel_in_between_ends_it() {
        DurableEngine engine = start(sequence(100));
        engine.cancel("t", "enough").block();
        lab.pass(Duration.ofSeconds(3));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.CANCELLED);
        assertThat(world.times("b")).isEqualTo(1);
        assertThat(letters()).isEmpty();
    }

    @Test
    void the_deadline_does_not_wait_for_an_attempt() {
        Workflow<String, String> workflow = Workflow.named("retried")
                .deadline(Duration.ofSeconds(30))
                .deadLetters(DeadLetterPolicy.retryThenSend(THREE))
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step("b", String.class, () -> world.fails("b")));
        start(workflow);
        lab.pass(Duration.ofSeconds(33));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.TIMED_OUT);
        assertThat(world.times("b")).isEqualTo(1);
        assertThat(letters()).extracting(DeadLetter::cause).containsExactly(DeadLetterCause.TIMED_OUT);
    }
}
