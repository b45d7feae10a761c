package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.TraceStatus;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.error.DeadLetterNotFoundException;
import io.reactivestore.error.DeadLetterStateException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A dead letter is started anew, once. */
class DeadLetterReplayTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final AtomicBoolean mended = new AtomicBoolean();
    private final Workflow<String, String> workflow = Lab.workflow(
            "sequence",
            (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input + "a"))
                    .flatMap(a -> ctx.step("b", String.class, () -> fails("b", a + "b")))
                    .flatMap(b -> ctx.step("c", String.class, () -> world.does("c", b + "c"))));
    private final DurableEngine engine = lab.engine().register(workflow).build();

    private Mono<String> fails(String what, String result) {
        return world.does(what, result)
                .filter(done -> mended.get())
                .switchIfEmpty(Mono.error(new IllegalStateException("broken")));
    }

    private DeadLetters letters() {
        return lab.newProcess().require(Capability.DEAD_LETTERS);
    }

    private DeadLetter letter() {
        return Objects.requireNonNull(letters().find("t").block());
    }

    private void failAndMend(Workflow<String, String> failing, DurableEngine where) {
        where.start(failing, "t", "x").block();
        lab.pass(Duration.ofSeconds(2));
        assertThat(letter().state()).isEqualTo(DeadLetterState.PENDING);
        mended.set(true);
    }

    @Test
    void from_the_failure_on_what_succeeded_is_kept_and_what_failed_is_done_again() {
        failAndMend(workflow, engine);
        StepVerifier.create(engine.replay("t")).expectNext("t#replay").verifyComplete();
        StepVerifier.create(engine.result(workflow, "t#replay"))
                .expectNext("xabc")
                .verifyComplete();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 2).containsEntry("c", 1);
        assertThat(letter().state()).isEqualTo(DeadLetterState.REPLAYED);
        assertThat(letter().replay()).isEqualTo("t#replay");
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.FAULT);
    }

    @Test
    void from_the_start_only_the_input_is_kept() {
        failAndMend(workflow, engine);
        StepVerifier.create(engine.replay("t", ReplayFrom.START))
                .expectNext("t#restart")
                .verifyComplete();
        StepVerifier.create(engine.result(workflow, "t#restart"))
                .expectNext("xabc")
                .verifyComplete();
        assertThat(world.all()).containsEntry("a", 2).containsEntry("b", 2).containsEntry("c", 1);
    }

    @Test
    void the_new_trace_says_in_its_journal_where_it_comes_from() {
        failAndMend(workflow, engine);
        engine.replay("t").block();
        List<JournalEntry> journal = Objects.requireNonNull(lab.newProcess()
                .require(Capability.JOURNAL)
                .read("t#replay", 0)
                .collectList()
                .block());
        assertThat(journal)
                .extracting(JournalEntry::event)
                .filteredOn(event -> event instanceof JournalEvent.Custom custom
                        && custom.type().equals(Journal.FORKED))
                .singleElement()
                .satisfies(event -> assertThat(
                                Objects.requireNonNull(event.payload()).asText())
                        .contains("\"source\":\"t\""));
    }

    @Test
    void what_was_taken_back_is_not_kept() {
        Workflow<String, String> undone = Lab.workflow(
                "undone",
                (ctx, input) -> ctx.step(
                                StepOptions.of("a", String.class).compensate(a -> world.does("undo", a)),
                                step -> world.does("a", "a"))
                        .then(ctx.step("b", String.class, () -> fails("b", "b"))));
        DurableEngine own = lab.engine().register(undone).build();
        failAndMend(undone, own);
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.COMPENSATED);
        own.replay("t").block();
        StepVerifier.create(own.result(undone, "t#replay")).expectNext("b").verifyComplete();
        assertThat(world.all()).containsEntry("a", 2).containsEntry("undo", 1).containsEntry("b", 2);
    }

    @Test
    void the_deadline_counts_from_the_replay() {
        Workflow<String, String> late = Workflow.named("late")
                .deadline(Duration.ofSeconds(5))
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step("a", String.class, () -> world.does("a", "a"))
                        .then(ctx.step("b", String.class, () -> mended.get() ? Mono.just("b") : Mono.never())));
        DurableEngine own = lab.engine().register(late).build();
        own.start(late, "t", "x").block();
        lab.pass(Duration.ofMinutes(1));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.TIMED_OUT);
        mended.set(true);
        own.replay("t").block();
        StepVerifier.create(own.result(late, "t#replay")).expectNext("b").verifyComplete();
        assertThat(world.times("a")).isEqualTo(1);
    }

    /** Kills process after process until it is put aside. */
    private void putAside() {
        for (int process = 0; process <= 2; process++) {
            DyingBackend dying = DyingBackend.of(lab.backend);
            Workflow<String, String> deadly = Lab.workflow(
                    "deadly",
                    (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                            .then(ctx.step("b", String.class, () -> Mono.fromRunnable(dying::die))));
            DurableEngine own = lab.engine(lab.newProcess(dying))
                    .maxRecoveries(1)
                    .register(deadly)
                    .build();
            if (process == 0) {
                own.start(deadly, "t", "x").subscribe();
            }
            lab.pass(Duration.ofSeconds(15));
        }
        assertThat(letter().state()).isEqualTo(DeadLetterState.PENDING);
    }

    /** What it would have been if it had not killed its process. */
    private Workflow<String, String> healthy(Mono<String> b) {
        return Lab.workflow(
                "deadly",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .then(ctx.step(
                                "b", String.class, () -> world.does("b", "b").then(b))));
    }

    @Test
    void a_trace_that_was_put_aside_goes_on_itself() {
        putAside();
        Workflow<String, String> healthy = healthy(Mono.just("b"));
        DurableEngine own = lab.engine().register(healthy).build();
        StepVerifier.create(own.replay("t")).expectNext("t").verifyComplete();
        StepVerifier.create(own.result(healthy, "t")).expectNext("b").verifyComplete();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1);
        assertThat(letter().state()).isEqualTo(DeadLetterState.REPLAYED);
        assertThat(letter().replay()).isEqualTo("t");
    }

    @Test
    void the_letter_of_a_trace_that_went_on_by_hand_is_settled_with_its_end() {
        putAside();
        Workflow<String, String> healthy = healthy(Mono.just("b"));
        DurableEngine own = lab.engine().register(healthy).build();
        StepVerifier.create(own.resume(healthy, "t")).expectNext("b").verifyComplete();
        assertThat(letter().state()).isEqualTo(DeadLetterState.RESOLVED);
        assertThat(letter().note()).contains("SUCCESS");
    }

    @Test
    void also_of_one_that_is_cancelled_where_it_was_put_aside() {
        putAside();
        DurableEngine own = lab.engine().register(healthy(Mono.just("b"))).build();
        own.cancel("t", "no").block();
        lab.pass(Duration.ofSeconds(5));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.CANCELLED);
        assertThat(letter().state()).isEqualTo(DeadLetterState.RESOLVED);
        assertThat(letter().note()).contains("CANCELLED");
    }

    @Test
    void one_that_went_on_and_failed_has_a_letter_that_says_so() {
        putAside();
        Workflow<String, String> failing = healthy(Mono.error(new IllegalStateException("broken")));
        DurableEngine own = lab.engine().register(failing).build();
        own.resume(failing, "t").onErrorComplete().block();
        assertThat(letter().state()).isEqualTo(DeadLetterState.PENDING);
        assertThat(letter().cause()).isEqualTo(DeadLetterCause.FAULT);
    }

    @Test
    void a_replay_left_in_the_middle_of_a_trace_that_has_ended_since_comes_to_its_end() {
        putAside();
        Workflow<String, String> healthy = healthy(Mono.just("b"));
        DurableEngine own = lab.engine().register(healthy).build();
        Instant now = lab.clock.instant();
        letters().beginReplay("t", "t", now, now.plusSeconds(10)).block();
        own.resume(healthy, "t").block();
        lab.pass(Duration.ofSeconds(25));
        assertThat(letter().state()).isEqualTo(DeadLetterState.REPLAYED);
    }

    @Test
    void a_trace_that_runs_again_is_not_taken_from_who_runs_it() {
        putAside();
        Workflow<String, String> slow = healthy(Mono.never());
        lab.engine().register(slow).build().resume(slow, "t").subscribe();
        assertThat(world.times("b")).isEqualTo(1);
        StepVerifier.create(lab.engine().register(slow).build().replay("t"))
                .expectNext("t")
                .verifyComplete();
        lab.pass(Duration.ofSeconds(5));
        assertThat(world.times("b")).isEqualTo(1);
        assertThat(letter().state()).isEqualTo(DeadLetterState.REPLAYED);
    }

    @Test
    void a_trace_that_happens_to_have_the_id_of_the_replay_is_not_taken_for_it() {
        mended.set(true);
        engine.run(workflow, "t#replay", "another").block();
        mended.set(false);
        failAndMend(workflow, engine);
        StepVerifier.create(engine.replay("t"))
                .expectError(PositionConflictException.class)
                .verify();
        assertThat(letter().state()).isEqualTo(DeadLetterState.PENDING);
        assertThat(letter().note()).contains("t#replay");
        StepVerifier.create(engine.replay("t", ReplayFrom.START))
                .expectNext("t#restart")
                .verifyComplete();
    }

    @Test
    void a_child_of_that_name_is_not_taken_for_it_either() {
        Workflow<String, String> child = Lab.workflow("child", (ctx, input) -> Mono.just(input + "!"));
        Workflow<String, String> parent = Lab.workflow(
                "parent",
                (ctx, input) -> ctx.child("replay", child, input)
                        .flatMap(told -> ctx.step("b", String.class, () -> fails("b", told))));
        DurableEngine own = lab.engine().register(parent).register(child).build();
        failAndMend(parent, own);
        String replay = Objects.requireNonNull(own.replay("t").block());
        StepVerifier.create(own.result(parent, replay)).expectNext("x!").verifyComplete();
    }

    @Test
    void an_engine_that_does_not_know_the_workflow_leaves_an_abandoned_replay_to_one_that_does() {
        failAndMend(workflow, engine);
        engine.close().block();
        lab.engine().build();
        Instant now = lab.clock.instant();
        letters().beginReplay("t", "t#replay", now, now.plusSeconds(10)).block();
        lab.pass(Duration.ofSeconds(60));
        assertThat(letter().state()).isEqualTo(DeadLetterState.REPLAYING);
        lab.engine().register(workflow).build();
        lab.pass(Duration.ofSeconds(25));
        assertThat(letter().state()).isEqualTo(DeadLetterState.REPLAYED);
    }

    @Test
    void whoever_finds_the_replay_created_ends_it_whether_it_knows_the_workflow_or_not() {
        failAndMend(workflow, engine);
        engine.close().block();
        Instant now = lab.clock.instant();
        letters().beginReplay("t", "t#replay", now, now.plusSeconds(10)).block();
        lab.newProcess()
                .require(Capability.JOURNAL)
                .restart("t", 0, "t#replay", Set.of())
                .block();
        lab.pass(Duration.ofSeconds(11));
        StepVerifier.create(lab.engine().build().replay("t", ReplayFrom.START))
                .expectNext("t#replay")
                .verifyComplete();
        assertThat(letter().state()).isEqualTo(DeadLetterState.REPLAYED);
    }

    @Test
    void a_second_replay_is_refused_and_names_both_states() {
        failAndMend(workflow, engine);
        engine.replay("t").block();
        StepVerifier.create(engine.replay("t"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(DeadLetterStateException.class, refused -> {
                            assertThat(refused.required()).isEqualTo(DeadLetterState.PENDING);
                            assertThat(refused.found()).isEqualTo(DeadLetterState.REPLAYED);
                        }))
                .verify();
        assertThat(world.times("b")).isEqualTo(2);
    }

    @Test
    void an_unknown_letter_is_refused() {
        StepVerifier.create(engine.replay("nobody"))
                .expectError(DeadLetterNotFoundException.class)
                .verify();
    }

    @Test
    void a_replay_that_cannot_be_leaves_the_letter_pending_and_says_why() {
        failAndMend(workflow, engine);
        DurableEngine ignorant = lab.engine().build();
        StepVerifier.create(ignorant.replay("t"))
                .expectError(UnknownWorkflowException.class)
                .verify();
        assertThat(letter().state()).isEqualTo(DeadLetterState.PENDING);
        assertThat(letter().note()).contains("UnknownWorkflowException");
        StepVerifier.create(engine.replay("t")).expectNext("t#replay").verifyComplete();
    }

    @Test
    void a_replay_of_a_replay_that_failed_is_a_third_trace() {
        engine.start(workflow, "t", "x").block();
        engine.replay("t").block();
        assertThat(lab.trace("t#replay").head().status()).isEqualTo(TraceStatus.FAULT);
        mended.set(true);
        StepVerifier.create(engine.replay("t#replay"))
                .expectNext("t#replay#replay")
                .verifyComplete();
        StepVerifier.create(engine.result(workflow, "t#replay#replay"))
                .expectNext("xabc")
                .verifyComplete();
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 3);
    }

    @Test
    void a_long_id_has_a_replay_of_a_legal_id() {
        String id = "t".repeat(255);
        engine.start(workflow, id, "x").block();
        mended.set(true);
        String replay = Objects.requireNonNull(engine.replay(id).block());
        assertThat(replay).hasSizeLessThanOrEqualTo(255).endsWith("#replay");
        StepVerifier.create(engine.result(workflow, replay)).expectNext("xabc").verifyComplete();
    }

    @Test
    void what_somebody_left_in_the_middle_any_engine_finishes() {
        failAndMend(workflow, engine);
        Instant now = lab.clock.instant();
        letters().beginReplay("t", "t#restart", now, now.plusSeconds(10)).block();
        lab.pass(Duration.ofSeconds(25));
        assertThat(letter().state()).isEqualTo(DeadLetterState.REPLAYED);
        assertThat(lab.trace("t#restart").head().status()).isEqualTo(TraceStatus.SUCCESS);
        assertThat(world.all()).containsEntry("a", 2);
    }
}
