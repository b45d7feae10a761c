package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.TraceStatus;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Engines look after each other's traces. */
class RecoveryTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();

    @Test
    void a_trace_that_kills_every_process_is_put_aside_and_comes_back_for_a_decision() {
        List<EngineEvent> events = Workflows.recorder();
        for (int process = 0; process <= 4; process++) {
            DyingBackend dying = DyingBackend.of(lab.backend);
            DurableEngine engine = lab.engine(lab.newProcess(dying))
                    .maxRecoveries(3)
                    .register(deadly(dying))
                    .listener(events::add)
                    .build();
            if (process == 0) {
                engine.start(deadly(dying), "t", "x").subscribe();
            }
            lab.pass(Duration.ofSeconds(15));
        }
        assertThat(world.times("deadly")).isEqualTo(4);
        assertThat(events).contains(new EngineEvent.DeadLettered("t", 4));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.WAITING);
        assertThat(lab.trace("t").head().dueAt()).isNull();

        Workflow<String, String> mended = Lab.workflow(
                "deadly", (ctx, input) -> ctx.step("deadly", String.class, () -> world.does("mended", input)));
        CompletableFuture<String> result =
                lab.engine().register(mended).build().resume(mended, "t").toFuture();
        assertThat(result).isCompletedWithValue("x");
    }

    @Test
    void a_decision_that_meets_the_putting_aside_is_not_left_lying() {
        for (int process = 0; process <= 3; process++) {
            DyingBackend dying = DyingBackend.of(lab.backend);
            DurableEngine engine = lab.engine(lab.newProcess(dying))
                    .maxRecoveries(3)
                    .register(deadly(dying))
                    .build();
            if (process == 0) {
                engine.start(deadly(dying), "t", "x").subscribe();
            }
            lab.pass(Duration.ofSeconds(15));
        }
        SlowBackend slow = new SlowBackend(lab.backend);
        slow.hold(event ->
                event instanceof JournalEvent.Custom custom && custom.type().equals(EngineEvent.DeadLettered.RECORD));
        Workflow<String, String> mended = Lab.workflow(
                "deadly", (ctx, input) -> ctx.step("deadly", String.class, () -> world.does("mended", input)));
        lab.engine(lab.newProcess(slow)).maxRecoveries(3).register(mended).build();
        lab.pass(Duration.ofSeconds(15));
        Intervention decision = Intervention.of("d", "deadly", InterventionAction.SUPPLY, lab.clock.instant())
                .withPayload(Payload.json("\"by hand\""));
        lab.newProcess().traces().saveIntervention("t", decision).block();
        slow.letGo();
        lab.pass(Duration.ofSeconds(5));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.SUCCESS);
        assertThat(world.times("mended")).isZero();
    }

    private Workflow<String, String> deadly(DyingBackend process) {
        return Lab.workflow(
                "deadly",
                (ctx, input) -> ctx.step(
                        "deadly",
                        String.class,
                        () -> world.does("deadly", input).doOnNext(done -> process.die())));
    }

    @Test
    void progress_between_crashes_is_no_reason_to_put_it_aside() {
        Workflow<String, String> sequence = Workflows.sequence(world);
        for (String node : List.of("start", "a", "b")) {
            DyingBackend dying = DyingBackend.of(lab.backend);
            DurableEngine engine = lab.engine(lab.newProcess(dying))
                    .maxRecoveries(1)
                    .register(sequence)
                    .listener(event -> {
                        boolean starts = node.equals("start") && event instanceof EngineEvent.RunStarted;
                        if (starts
                                || (event instanceof EngineEvent.StepRecorded step
                                        && step.nodeId().equals(node)
                                        && !step.replayed())) {
                            dying.die();
                        }
                    })
                    .build();
            if (node.equals("start")) {
                engine.start(sequence, "t", "x").subscribe();
            }
            lab.pass(Duration.ofSeconds(15));
        }
        lab.engine().maxRecoveries(1).register(sequence).build();
        lab.pass(Duration.ofSeconds(15));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.SUCCESS);
    }

    @Test
    void only_who_knows_the_workflow_takes_a_trace() {
        Workflow<String, String> sequence = Workflows.sequence(world);
        DyingBackend dying = DyingBackend.of(lab.backend);
        lab.engine(lab.newProcess(dying))
                .listener(event -> dying.die())
                .build()
                .start(sequence, "t", "x")
                .subscribe();
        lab.engine().register(Workflows.loop(world)).build();
        Workflow<String, String> newer = Workflow.named("sequence")
                .version("2")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> Mono.just("new"));
        lab.engine().register(newer).build();
        lab.pass(Duration.ofMinutes(1));
        assertThat(lab.trace("t").completion()).isNull();

        lab.engine().register(newer).register(sequence).build();
        lab.pass(Duration.ofMinutes(1));
        assertThat(lab.trace("t").completion()).isNotNull();
    }

    @Test
    void what_the_caller_brought_along_is_there_after_a_restart() {
        List<String> seen = new ArrayList<>();
        Workflow<String, String> reading = Lab.workflow(
                "reading",
                (ctx, input) -> reads(ctx, "a", seen)
                        .then(ctx.awaitIntervention(Workflows.WAIT, String.class))
                        .then(reads(ctx, "b", seen)));
        DurableEngine first =
                lab.engine().propagate("tenant", String.class).register(reading).build();
        first.run(reading, "t", "x")
                .contextWrite(Context.of("tenant", "acme", "secret", "no"))
                .subscribe();
        lab.pass(Duration.ofSeconds(2));
        first.close().block();
        lab.engine().propagate("tenant", String.class).register(reading).build();
        lab.newProcess()
                .traces()
                .saveIntervention("t", Workflows.supply("d", "yes"))
                .block();
        lab.pass(Duration.ofSeconds(2));

        assertThat(seen).containsExactly("a: acme no", "b: acme null");
        PersistedTrace trace = lab.trace("t");
        assertThat(trace.completion()).isNotNull();
        assertThat(trace.envelopes().toString()).doesNotContain("acme");
    }

    private static Mono<String> reads(WorkflowContext ctx, String name, List<String> seen) {
        return ctx.step(
                name,
                String.class,
                () -> Mono.deferContextual(context -> {
                    seen.add(name + ": " + context.getOrDefault("tenant", null) + " "
                            + context.getOrDefault("secret", null));
                    return Mono.just(name);
                }));
    }

    @Test
    void listeners_in_every_engine_hear_of_the_end_wherever_it_is() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        List<DurableEngine> engines = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            engines.add(lab.engine().register(waiting).build());
        }
        List<CompletableFuture<String>> heard = new ArrayList<>();
        engines.forEach(engine -> heard.add(engine.run(waiting, "t", "x").toFuture()));
        lab.pass(Duration.ofSeconds(3));
        engines.forEach(engine -> heard.add(engine.result(waiting, "t").toFuture()));
        engines.get(0).close().block();
        engines.get(2).intervene("t", Workflows.supply("d", "yes")).block();
        lab.pass(Duration.ofSeconds(3));

        assertThat(heard.subList(1, 3)).allSatisfy(one -> assertThat(one).isCompletedWithValue("xa:yes:b"));
        assertThat(heard.subList(4, 6)).allSatisfy(one -> assertThat(one).isCompletedWithValue("xa:yes:b"));
    }

    @Test
    void a_long_queue_of_due_traces_is_no_deep_stack() {
        Workflow<String, String> napping = Lab.workflow(
                "napping",
                (ctx, input) -> ctx.sleep("nap", Duration.ofMinutes(1)).thenReturn(input));
        DurableEngine engine = lab.engine().register(napping).build();
        Flux.range(0, 5_000).flatMap(i -> engine.start(napping, "t" + i, "x")).blockLast();
        lab.pass(Duration.ofSeconds(3));
        assertThat(lab.trace("t4999").head().status()).isEqualTo(TraceStatus.WAITING);
        lab.pass(Duration.ofMinutes(1));
        assertThat(lab.trace("t0").completion()).isNotNull();
        assertThat(lab.trace("t4999").completion()).isNotNull();
    }

    @Test
    void a_run_that_is_taken_back_behind_its_deadline_leaves_memory_too() {
        Workflow<String, String> late = Workflow.named("late")
                .deadline(Duration.ofSeconds(5))
                .compensationPolicy(StepPolicy.defaults().withRetry(RetryPolicy.fixed(3, Duration.ofHours(1))))
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step(
                                StepOptions.of("a", String.class)
                                        .compensate(a -> world.does("undo", 1)
                                                .filter(n -> world.times("undo") > 1)
                                                .switchIfEmpty(Mono.error(new IllegalStateException("not yet")))),
                                step -> world.does("a", input))
                        .then(ctx.step("b", String.class, () -> Mono.never())));
        lab.engine().register(late).build().start(late, "t", "x").subscribe();
        lab.pass(Duration.ofSeconds(10));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.WAITING);
        lab.pass(Duration.ofHours(1));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.COMPENSATED);
    }

    @Test
    void a_cancelled_wait_does_not_keep_the_others_in_memory() {
        Workflow<String, String> two = Lab.workflow(
                "two",
                (ctx, input) -> Mono.zip(
                                ctx.awaitIntervention("ok", String.class),
                                ctx.step("slow", String.class, () -> Mono.<String>never())
                                        .timeout(Duration.ofSeconds(5), lab.time)
                                        .onErrorReturn("late"))
                        .map(both -> both.getT1() + both.getT2()));
        lab.engine().register(two).build().start(two, "t", "x").subscribe();
        lab.pass(Duration.ofSeconds(10));
        assertThat(lab.trace("t").head().status()).isEqualTo(TraceStatus.WAITING);
    }
}
