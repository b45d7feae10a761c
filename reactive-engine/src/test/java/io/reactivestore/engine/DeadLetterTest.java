package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.TraceStatus;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.error.CapabilityMissingException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What fails leaves one letter, with the end of the trace. */
class DeadLetterTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();

    private List<DeadLetter> letters() {
        return Objects.requireNonNull(lab.newProcess()
                .require(Capability.DEAD_LETTERS)
                .list(DeadLetterQuery.all())
                .collectList()
                .block());
    }

    private void start(Workflow<String, String> workflow) {
        lab.engine().register(workflow).build().start(workflow, "t", "x").subscribe();
    }

    private static WorkflowDefinition.WithOutput<String, String> typed(WorkflowDefinition definition) {
        return definition.input(String.class).output(String.class);
    }

    @Test
    void a_trace_that_fails_leaves_a_letter_that_says_why() {
        start(typed(Workflow.named("failing").version("3"))
                .body((ctx, input) -> ctx.step("a", String.class, () -> world.fails("a"))));
        assertThat(letters()).hasSize(1).first().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo("t");
            assertThat(letter.traceId()).isEqualTo("t");
            assertThat(letter.workflow()).isEqualTo("failing");
            assertThat(letter.version()).isEqualTo("3");
            assertThat(letter.cause()).isEqualTo(DeadLetterCause.FAULT);
            assertThat(letter.failure()).isEqualTo(Failure.of(new IllegalStateException("a went wrong")));
            assertThat(letter.createdAt()).isEqualTo(Lab.START);
            assertThat(letter.state()).isEqualTo(DeadLetterState.PENDING);
        });
    }

    @Test
    void one_that_succeeds_leaves_none() {
        start(Workflows.sequence(world));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.SUCCESS);
        assertThat(letters()).isEmpty();
    }

    @Test
    void one_whose_letters_are_dropped_leaves_none() {
        start(typed(Workflow.named("failing").deadLetters(DeadLetterPolicy.drop()))
                .body((ctx, input) -> ctx.step("a", String.class, () -> world.fails("a"))));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.FAULT);
        assertThat(letters()).isEmpty();
    }

    @Test
    void one_that_misses_its_deadline_leaves_one() {
        start(typed(Workflow.named("late").deadline(Duration.ofSeconds(5)))
                .body((ctx, input) -> ctx.step("a", String.class, () -> Mono.never())));
        lab.pass(Duration.ofSeconds(6));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.TIMED_OUT);
        assertThat(letters()).extracting(DeadLetter::cause).containsExactly(DeadLetterCause.TIMED_OUT);
    }

    @Test
    void one_that_was_taken_back_leaves_one_since_what_was_to_be_done_is_not_done() {
        start(Lab.workflow(
                "undone",
                (ctx, input) -> ctx.step(
                                StepOptions.of("a", String.class).compensate(a -> world.does("undo", a)),
                                step -> world.does("a", "a"))
                        .then(ctx.step("b", String.class, () -> world.fails("b")))));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.COMPENSATED);
        assertThat(letters()).extracting(DeadLetter::cause).containsExactly(DeadLetterCause.FAULT);
    }

    @Test
    void one_that_somebody_cancelled_leaves_none_even_if_it_was_taken_back() {
        Workflow<String, String> workflow = Lab.workflow(
                "undone",
                (ctx, input) -> ctx.step(
                                StepOptions.of("a", String.class).compensate(a -> world.does("undo", a)),
                                step -> world.does("a", "a"))
                        .then(ctx.awaitIntervention("ok", String.class)));
        DurableEngine engine = lab.engine().register(workflow).build();
        engine.start(workflow, "t", "x").block();
        engine.cancel("t", "no").block();
        lab.pass(Duration.ofSeconds(2));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.COMPENSATED);
        assertThat(letters()).isEmpty();
    }

    @Test
    void one_that_kills_every_process_leaves_one_when_it_is_put_aside() {
        for (int process = 0; process <= 4; process++) {
            DyingBackend dying = DyingBackend.of(lab.backend);
            Workflow<String, String> deadly = Lab.workflow(
                    "deadly",
                    (ctx, input) -> ctx.step(
                            "deadly",
                            String.class,
                            () -> world.does("deadly", input).doOnNext(done -> dying.die())));
            DurableEngine engine = lab.engine(lab.newProcess(dying))
                    .maxRecoveries(3)
                    .register(deadly)
                    .build();
            if (process == 0) {
                engine.start(deadly, "t", "x").subscribe();
            }
            lab.pass(Duration.ofSeconds(15));
        }
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.WAITING);
        assertThat(letters()).hasSize(1).first().satisfies(letter -> {
            assertThat(letter.cause()).isEqualTo(DeadLetterCause.RECOVERY);
            assertThat(letter.state()).isEqualTo(DeadLetterState.PENDING);
            assertThat(letter.failure()).isNotNull();
        });
    }

    @Test
    void a_store_without_dead_letters_gets_none_and_says_so_when_one_is_to_be_replayed() {
        Workflow<String, String> failing =
                Lab.workflow("failing", (ctx, input) -> ctx.step("a", String.class, () -> world.fails("a")));
        DurableEngine engine = lab.engine(lab.newProcess(new LetterlessBackend(lab.backend)))
                .register(failing)
                .build();
        StepVerifier.create(engine.run(failing, "t", "x"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                WorkflowFailedException.class,
                                failed -> assertThat(failed.state()).isEqualTo(CompletionState.FAULT)))
                .verify();
        StepVerifier.create(engine.replay("t"))
                .expectError(CapabilityMissingException.class)
                .verify();
        assertThat(letters()).isEmpty();
    }
}
