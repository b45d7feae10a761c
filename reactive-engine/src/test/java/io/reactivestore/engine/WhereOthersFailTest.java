package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceStatus;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.memory.InMemoryBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What earlier systems get wrong, by the rows of the list of features. */
class WhereOthersFailTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects(lab.time);
    private final List<EngineEvent> events = Workflows.recorder();
    private final Sinks.One<String> outside = Sinks.one();

    /** A process that is gone as soon as this node is on record. */
    private void dieBehind(String node, Workflow<String, String> workflow) {
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .register(workflow)
                .listener(event -> {
                    if (event instanceof EngineEvent.StepRecorded step
                            && step.nodeId().equals(node)) {
                        dying.die();
                    }
                })
                .build()
                .start(workflow, "t", "x")
                .subscribe();
    }

    private void recovers(Workflow<?, ?>... workflows) {
        EngineBuilder builder = lab.engine().listener(events::add);
        Stream.of(workflows).forEach(builder::register);
        builder.build();
        lab.pass(Duration.ofSeconds(15));
    }

    @Test
    void row_17_code_that_no_longer_asks_for_what_is_recorded_is_reported() {
        dieBehind("b", Workflows.sequence(world));
        recovers(Lab.workflow("sequence", (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))));

        assertThat(events).contains(new EngineEvent.StepsNotAskedFor("t", Set.of("b")));
        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.SUCCESS);
    }

    @Test
    void row_17_a_value_of_another_type_stops_the_run_and_not_the_trace() {
        dieBehind("a", Workflows.sequence(world));
        recovers(Lab.workflow(
                "sequence",
                (ctx, input) ->
                        ctx.step("a", Integer.class, () -> world.does("a", 1)).map(String::valueOf)));

        assertThat(events)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                EngineEvent.RunFailed.class,
                                failed -> assertThat(failed.error()).isInstanceOf(PayloadCodecException.class)));
        assertThat(lab.trace("t").completion()).isNull();
        StepVerifier.create(lab.engine().build().resume(Workflows.sequence(world), "t"))
                .expectNext("xabc")
                .verifyComplete();
    }

    @Test
    void row_18_what_a_dead_process_left_begun_does_not_wedge_the_trace() {
        Workflow<String, String> marked = Lab.workflow(
                "marked",
                (ctx, input) -> ctx.step(
                        StepOptions.of("a", String.class).markStart(),
                        step -> world.times("a") == 0 ? world.does("a", 1).then(Mono.never()) : world.does("a", "x")));
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying)).build().start(marked, "t", "x").subscribe();
        dying.die();
        recovers(marked);

        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.SUCCESS);
        assertThat(world.times("a")).isEqualTo(2);
    }

    @Test
    void row_19_parallel_branches_are_under_way_at_the_same_time() {
        Workflow<String, String> parallel = Lab.workflow(
                "parallel",
                (ctx, input) -> Mono.zip(
                                ctx.step("left", String.class, () -> world.takes(10, "left", "l")),
                                ctx.step("right", String.class, () -> world.takes(10, "right", "r")))
                        .map(both -> both.getT1() + both.getT2()));
        CompletableFuture<String> result =
                lab.engine().build().run(parallel, "t", "x").toFuture();
        assertThat(world.all()).containsOnlyKeys("left", "right");
        lab.pass(Duration.ofSeconds(10));
        assertThat(result).isCompletedWithValue("lr");
    }

    @Test
    void row_20_user_code_does_not_run_again_because_the_store_was_busy() {
        SlowBackend busy = new SlowBackend(lab.backend);
        Workflow<String, String> sequence = Workflows.sequence(world);
        busy.hold(event -> SlowBackend.isAbout(event, "b"));
        CompletableFuture<String> result = lab.engine(JournaledStore.over(
                        busy, StoreConfig.defaults().withClock(lab.clock).withWriteBackoff(Duration.ofMillis(1))))
                .build()
                .run(sequence, "t", "x")
                .toFuture();
        busy.letFail(new StoreUnavailableException(null, "busy", null));

        assertThat(result).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("xabc");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1).containsEntry("c", 1);
    }

    @Test
    void row_21_a_failure_without_a_resume_is_not_passed_over() {
        dieBehind("flaky", Workflows.flaky(world, 9));
        recovers(Workflows.flaky(world, 9));

        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.FAULT);
        assertThat(world.times("flaky")).isEqualTo(1);
    }

    @Test
    void row_21_code_that_throws_does_not_complete_as_a_success() {
        Workflow<String, String> thrower = Lab.workflow("thrower", (ctx, input) -> {
            throw new IllegalStateException("bug");
        });
        StepVerifier.create(lab.engine().build().run(thrower, "t", "x")).verifyError(WorkflowFailedException.class);
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.FAULT);
    }

    @Test
    void row_22_results_put_off_are_let_go_when_the_store_has_confirmed_and_not_before_nor_twice() {
        SlowBackend late = new SlowBackend(lab.backend);
        Workflow<String, String> every = Workflow.named("every")
                .checkpoints(CheckpointPolicy.every(2))
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .then(ctx.step("b", String.class, () -> world.does("b", input)))
                        .then(ctx.step("c", String.class, () -> world.does("c", input))));
        late.holdAnswers(event -> SlowBackend.isAbout(event, "b"));
        CompletableFuture<String> result = lab.engine(JournaledStore.over(
                        late, StoreConfig.defaults().withClock(lab.clock).withWriteBackoff(Duration.ofMillis(1))))
                .build()
                .run(every, "t", "x")
                .toFuture();
        assertThat(world.all()).doesNotContainKey("c");
        late.letFail(new StoreUnavailableException(null, "was it written?", null));

        assertThat(result).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("x");
        assertThat(lab.nodes("t")).containsExactly("start", "a", "b", "c");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1);
    }

    @TestFactory
    Stream<DynamicTest> row_23_policies_by_step_pattern_predicate_and_default() {
        StepPolicy twice = StepPolicy.defaults().withRetry(RetryPolicy.fixed(2, Duration.ofSeconds(1)));
        StepPolicy skip = StepPolicy.defaults().withOnFailure(OnFailure.SKIP);
        return new JournalTable(InMemoryBackend::new)
                .of(
                        definition -> definition
                                .policy("mail-*", skip)
                                .policy(key -> key.endsWith("-again"), twice)
                                .policy(StepPolicy.defaults().withOnFailure(OnFailure.HALT)),
                        """
                by pattern      | | mail-a.fails b     |    | mail-a:skipped b done=b                       | mail-a b      | b
                by predicate    | | a-again.fails1     | 1s | a-again:failed(next1s) a-again done=a-again   | a-again a-again | a-again
                by default      | | a.fails            |    | a:failed(halted)                              | a             | …
                the step's own  | | mail-a.fails.retry2/1s | 1s | mail-a:failed(next1s) mail-a:failed FAULT | mail-a mail-a | FAULT
                """);
    }

    @Test
    void row_24_the_mark_is_durable_before_the_side_effect() {
        List<List<String>> seen = new ArrayList<>();
        Workflow<String, String> marked = Lab.workflow(
                "marked",
                (ctx, input) -> ctx.step(StepOptions.of("a", String.class).atMostOnce(), step -> {
                    seen.add(lab.nodes("t"));
                    return Mono.just(input);
                }));
        StepVerifier.create(lab.engine().build().run(marked, "t", "x"))
                .expectNext("x")
                .verifyComplete();
        assertThat(seen).containsExactly(List.of("start", "a"));
    }

    @Test
    void row_25_a_trace_that_was_recovered_does_not_stay_idle() {
        dieBehind("a", Workflows.sequence(world));
        recovers(Workflows.sequence(world));

        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.SUCCESS);
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 2).containsEntry("c", 1);
    }

    private Workflow<String, String> saga(String stuck) {
        return Lab.workflow(
                "saga",
                (ctx, input) -> undone(ctx, "a", stuck)
                        .then(undone(ctx, "b", stuck))
                        .then(ctx.step("c", String.class, () -> world.fails("c"))));
    }

    private Mono<String> undone(WorkflowContext ctx, String name, String stuck) {
        return ctx.step(
                StepOptions.of(name, String.class)
                        .compensate(done ->
                                name.equals(stuck) ? world.fails("undo " + name) : world.does("undo " + name, 1)),
                step -> world.does(name, name));
    }

    @Test
    void row_26_a_compensation_survives_a_crash_in_the_middle() {
        dieBehind("$undo:b", saga(""));
        assertThat(lab.nodes("t")).endsWith(Unwinding.NODE, "$undo:b");
        recovers(saga(""));

        // taking a back was under way when the process died
        assertThat(world.all()).containsEntry("undo b", 1).containsEntry("undo a", 2);
        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.COMPENSATED);
    }

    @Test
    void row_26_a_compensation_that_failed_is_not_called_compensated() {
        StepVerifier.create(lab.engine().build().run(saga("b"), "t", "x")).verifyError(WorkflowFailedException.class);
        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.FAULT);
        assertThat(world.all()).containsEntry("undo b", 1).containsEntry("undo a", 1);
    }

    @Test
    void row_26_two_ways_to_take_a_step_back_are_one_action() {
        Workflow<String, String> twice = Lab.workflow(
                "twice",
                (ctx, input) -> ctx.step(
                                StepOptions.of("a", String.class)
                                        .compensate(a -> world.does("undo", "first"))
                                        .compensate(a -> world.does("undo", "second")),
                                step -> world.does("a", input))
                        .then(ctx.step("c", String.class, () -> world.fails("c"))));
        StepVerifier.create(lab.engine().build().run(twice, "t", "x")).verifyError(WorkflowFailedException.class);
        assertThat(world.times("undo")).isEqualTo(1);
    }

    @Test
    void row_27_a_cancel_is_durable_and_a_crash_does_not_forget_it() {
        Workflow<String, String> slow = Lab.workflow(
                "slow",
                (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input))
                        .then(ctx.step("b", String.class, outside::asMono)));
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .register(slow)
                .build()
                .start(slow, "t", "x")
                .subscribe();
        dying.die();
        lab.engine().build().cancel("t", "no longer wanted").block();
        recovers(slow);

        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.CANCELLED);
        assertThat(lab.trace("t").completion().failure().message()).isEqualTo("no longer wanted");
    }

    @Test
    void row_28_a_trace_of_a_version_that_is_gone_is_refused_with_what_there_is() {
        dieBehind("a", Workflows.sequence(world));
        Workflow<String, String> second = Workflow.named("sequence")
                .version("2")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> Mono.just(input));
        DurableEngine engine = lab.engine().register(second).build();
        StepVerifier.create(engine.resume("t"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnknownWorkflowException.class)
                        .hasMessageContaining("sequence:1")
                        .hasMessageContaining("sequence:2"));
        assertThat(lab.trace("t").completion()).isNull();
    }

    @Test
    void row_29_a_partial_answer_keeps_the_id_and_runs_no_step_again() {
        Workflow<String, String> asking = Lab.workflow(
                "asking",
                (ctx, input) -> ctx.step("costly", String.class, () -> world.does("costly", input))
                        .flatMap(costly -> Mono.zip(
                                        ctx.awaitIntervention("size", Integer.class),
                                        ctx.awaitIntervention("colour", String.class))
                                .map(both -> costly + both.getT1() + both.getT2())));
        DurableEngine engine = lab.engine().register(asking).build();
        CompletableFuture<String> result = engine.run(asking, "t", "x").toFuture();
        lab.pass(Duration.ofSeconds(3));
        engine.intervene("t", answer("colour", "\"red\"")).block();
        lab.pass(Duration.ofSeconds(3));

        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.WAITING);
        assertThat(engine.waits("t").collectList().block())
                .singleElement()
                .satisfies(wait -> assertThat(wait.node() + ":" + wait.type()).isEqualTo("size:java.lang.Integer"));
        engine.intervene("t", answer("size", "7")).block();
        lab.pass(Duration.ofSeconds(3));
        assertThat(result).isCompletedWithValue("x7red");
        assertThat(world.times("costly")).isEqualTo(1);
    }

    private static Intervention answer(String node, String json) {
        return Intervention.of(node, node, InterventionAction.SUPPLY, Lab.START).withPayload(Payload.json(json));
    }

    @Test
    void row_31_what_was_done_last_is_taken_back_first() {
        List<String> order = new ArrayList<>();
        Workflow<String, String> saga = Lab.workflow(
                "saga",
                (ctx, input) -> Mono.zip(noted(ctx, "slow", 2, order), noted(ctx, "fast", 1, order))
                        .then(ctx.step("c", String.class, () -> world.fails("c"))));
        lab.engine().build().start(saga, "t", "x").subscribe();
        lab.pass(Duration.ofSeconds(3));
        assertThat(order).containsExactly("undo slow", "undo fast");
    }

    private Mono<String> noted(WorkflowContext ctx, String name, int seconds, List<String> order) {
        return ctx.step(
                StepOptions.of(name, String.class)
                        .compensate(done -> Mono.fromRunnable(() -> order.add("undo " + name))),
                step -> world.takes(seconds, name, name));
    }

    @Test
    void row_32_a_decision_about_a_node_is_applied_once_with_its_payload() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        dieBehind("a", waiting);
        lab.newProcess()
                .traces()
                .saveIntervention("t", Workflows.supply("d", "yes"))
                .block();
        recovers(waiting);

        assertThat(lab.trace("t").envelopes())
                .filteredOn(envelope -> envelope.nodeId().equals(Workflows.WAIT))
                .extracting(PersistenceEnvelope::payload)
                .containsExactly(Payload.json("\"yes\""));
        assertThat(lab.trace("t").interventions())
                .singleElement()
                .satisfies(record -> assertThat(record.appliedByStep()).isEqualTo(2));
    }

    @Test
    void row_33_of_two_who_resume_one_trace_one_goes_on_and_the_other_is_told_and_does_nothing_more() {
        Workflow<String, String> slow = Lab.workflow(
                "slow",
                (ctx, input) -> ctx.step(
                                "a", String.class, () -> world.does("a", input).then(outside.asMono()))
                        .flatMap(a -> ctx.step("b", String.class, () -> world.does("b", a))));
        dieBehind("nothing", slow);
        CompletableFuture<String> first =
                lab.engine().listener(events::add).build().resume(slow, "t").toFuture();
        CompletableFuture<String> second =
                lab.engine().build().resume(slow, "t").toFuture();
        outside.tryEmitValue("done");

        assertThat(second).isCompletedWithValue("done");
        assertThat(world.all()).containsEntry("a", 3).containsEntry("b", 1);
        assertThat(events)
                .last()
                .satisfies(event ->
                        assertThat(((EngineEvent.RunFailed) event).error()).isInstanceOf(ClaimLostException.class));
        lab.pass(Duration.ofSeconds(2));
        assertThat(first).isCompletedWithValue("done");
    }
}
