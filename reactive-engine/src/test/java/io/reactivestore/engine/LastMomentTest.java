package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.ReactiveStore;
import io.reactivestore.journal.JournalEvent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Decisions that come while something is on its way to the journal, which the test holds back. */
class LastMomentTest {

    /** A store that has much to answer at once may do so on a thread of its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects(lab.time);
    private final SlowBackend slowly = new SlowBackend(lab.backend);
    private final Sinks.One<String> outside = Sinks.one();

    private DurableEngine engine(Workflow<?, ?>... workflows) {
        EngineBuilder builder = lab.engine(lab.newProcess(slowly));
        for (Workflow<?, ?> workflow : workflows) {
            builder.register(workflow);
        }
        return builder.build();
    }

    private void saveElsewhere(String traceId, Intervention decision) {
        lab.newProcess().traces().saveIntervention(traceId, decision).block();
        lab.pass(Duration.ofMillis(1));
    }

    private static Intervention cancel() {
        return Intervention.of("c", Intervention.TRACE, InterventionAction.CANCEL, Lab.START);
    }

    private static Intervention supply(String node, String value) {
        return Intervention.of("d-" + value, node, InterventionAction.SUPPLY, Lab.START)
                .withPayload(Payload.json('"' + value + '"'));
    }

    @Test
    void a_step_whose_result_is_on_its_way_when_the_trace_is_cancelled_is_taken_back() {
        Workflow<String, String> saga = Lab.workflow(
                "saga",
                (ctx, input) -> ctx.step(
                        StepOptions.of("a", String.class).compensate(a -> world.does("undo a", 1)),
                        step -> world.does("a", input)));
        slowly.hold(event -> SlowBackend.isAbout(event, "a"));
        CompletableFuture<String> result = engine(saga).run(saga, "t", "x").toFuture();
        saveElsewhere("t", cancel());
        slowly.letGo();

        assertThat(result).failsWithin(PATIENCE);
        assertThat(world.all()).containsEntry("a", 1).containsEntry("undo a", 1);
        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.COMPENSATED);
    }

    @Test
    void a_cancel_while_the_parent_is_told_is_not_overlooked() {
        Workflow<String, String> child = Lab.workflow("child", (ctx, input) -> Mono.just(input));
        Workflow<String, String> parent = Lab.workflow("parent", (ctx, input) -> ctx.child("kid", child, input));
        DurableEngine engine = engine(parent, child);
        slowly.hold(JournalEvent.Intervened.class::isInstance);
        engine.start(parent, "t", "x").subscribe();
        CompletableFuture<String> kid = engine.result(child, "t/kid").toFuture();
        saveElsewhere("t/kid", cancel());
        slowly.letGo();

        assertThat(kid).failsWithin(PATIENCE);
        assertThat(lab.trace("t/kid").completion().state()).isEqualTo(CompletionState.CANCELLED);
    }

    @Test
    void a_cancel_while_the_end_is_written_keeps_the_trace_from_it() {
        Workflow<String, String> brief =
                Lab.workflow("brief", (ctx, input) -> ctx.step("a", String.class, () -> world.does("a", input)));
        slowly.hold(JournalEvent.Completed.class::isInstance);
        CompletableFuture<String> result = engine(brief).run(brief, "t", "x").toFuture();
        saveElsewhere("t", cancel());
        slowly.letGo();

        assertThat(result).failsWithin(PATIENCE);
        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.CANCELLED);
    }

    @Test
    void a_decision_that_is_seen_before_the_result_is_written_takes_its_place() {
        Workflow<String, String> two = Lab.workflow(
                "two",
                (ctx, input) -> Mono.zip(
                                ctx.step("a", String.class, outside::asMono),
                                ctx.step("b", String.class, () -> world.does("b", "b")))
                        .map(both -> both.getT1() + both.getT2()));
        // the record of b holds the lane, so that the one of a is decided about behind it
        slowly.hold(event -> SlowBackend.isAbout(event, "b"));
        CompletableFuture<String> result = engine(two).run(two, "t", "x").toFuture();
        outside.tryEmitValue("own");
        saveElsewhere("t", supply("a", "decided"));
        slowly.letGo();

        assertThat(result).succeedsWithin(PATIENCE).isEqualTo("decidedb");
        assertThat(world.times("b")).isEqualTo(1);
        assertThat(lab.trace("t").pendingInterventions()).isEmpty();
    }

    @Test
    void a_decision_that_is_seen_between_the_result_and_its_record_takes_its_place() {
        Workflow<String, String> single = Lab.workflow(
                "single",
                (ctx, input) -> ctx.step("a", String.class, () -> world.takes(1, "a", "own"))
                        .flatMap(a -> ctx.step("b", String.class, () -> world.does("b", a))));
        AtomicReference<DurableEngine> engine = new AtomicReference<>();
        PayloadCodec meddling = new PayloadCodec() {
            @Override
            public Payload encode(Object value, Type type) {
                if ("own".equals(value)) {
                    engine.get().intervene("t", supply("a", "decided")).subscribe();
                }
                return PayloadCodec.json().encode(value, type);
            }

            @Override
            public Object decode(Payload payload, Type type) {
                return PayloadCodec.json().decode(payload, type);
            }
        };
        engine.set(lab.engine().codec(meddling).register(single).build());
        CompletableFuture<String> result = engine.get().run(single, "t", "x").toFuture();
        lab.pass(Duration.ofSeconds(1));
        assertThat(result).succeedsWithin(PATIENCE).isEqualTo("decided");

        assertThat(lab.nodes("t")).containsExactly("start", "a", "b");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1);
        assertThat(lab.trace("t").pendingInterventions()).isEmpty();
    }

    @Test
    void the_fork_of_a_child_does_not_disturb_the_parent() {
        Workflow<String, String> child = Workflows.waiting(world);
        Workflow<String, String> parent = Lab.workflow(
                "parent",
                (ctx, input) ->
                        ctx.child("kid", child, input).flatMap(kid -> ctx.step("slow", String.class, outside::asMono)));
        DurableEngine engine = engine(parent, child);
        CompletableFuture<String> result = engine.run(parent, "t", "x").toFuture();
        saveElsewhere("t/kid", Workflows.supply("d", "yes"));
        engine.fork("t/kid", 1, "other").block();
        saveElsewhere("other", Workflows.supply("d", "no"));
        assertThat(lab.trace("other").completion()).isNotNull();
        outside.tryEmitValue("done");

        assertThat(result).succeedsWithin(PATIENCE).isEqualTo("done");
        assertThat(lab.trace("t").interventions()).hasSize(1);
        assertThat(lab.trace("t").resumptionCount()).isZero();
    }

    @Test
    void two_decisions_about_a_wait_of_which_one_is_on_its_way_come_in_turn() {
        Workflow<String, String> waiting = Lab.workflow(
                "waiting",
                (ctx, input) -> ctx.awaitIntervention("ok", String.class)
                        .flatMap(ok -> ctx.step("b", String.class, () -> world.does(ok, ok))));
        CompletableFuture<String> result =
                engine(waiting).run(waiting, "t", "x").toFuture();
        slowly.hold(event -> SlowBackend.isAbout(event, "ok"));
        saveElsewhere("t", supply("ok", "first"));
        saveElsewhere("t", supply("ok", "second"));
        slowly.letGo();

        assertThat(result).succeedsWithin(PATIENCE).isEqualTo("second");
        assertThat(lab.trace("t").interventions())
                .allSatisfy(record -> assertThat(record.isPending()).isFalse());
    }

    @Test
    void the_trace_goes_on_without_a_take_over_when_this_engine_claims_it_itself() {
        Workflow<String, String> waiting = Workflows.waiting(world);
        ReactiveStore store = lab.newProcess(slowly);
        DurableEngine engine = lab.engine(store).register(waiting).build();
        CompletableFuture<String> result = engine.run(waiting, "t", "x").toFuture();
        slowly.holdAnswers(JournalEvent.Suspended.class::isInstance);
        lab.pass(Duration.ofSeconds(2));
        saveElsewhere("t", Workflows.supply("d", "yes"));
        lab.pass(Duration.ofSeconds(3));
        slowly.letGo();
        lab.pass(Duration.ofSeconds(3));

        assertThat(result).succeedsWithin(PATIENCE).isEqualTo("xa:yes:b");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 1);
    }

    @Test
    void a_step_cancelled_while_its_mark_is_written_begins_nothing_and_is_not_live_any_more() {
        Sinks.Empty<Void> enough = Sinks.empty();
        Workflow<String, String> impatient = Lab.workflow("impatient", (ctx, input) -> {
            Mono<String> asked = ctx.awaitIntervention("ok", String.class);
            return asked.takeUntilOther(enough.asMono())
                    .switchIfEmpty(ctx.step("b", String.class, () -> world.does("b", input)))
                    .flatMap(b -> asked.map(ok -> b + ok));
        });
        slowly.hold(event -> SlowBackend.isAbout(event, "ok"));
        CompletableFuture<String> result =
                engine(impatient).run(impatient, "t", "x").toFuture();
        enough.tryEmitEmpty();
        slowly.letGo();
        assertThat(world.times("b")).isEqualTo(1);
        saveElsewhere("t", supply("ok", "!"));

        assertThat(result).succeedsWithin(PATIENCE).isEqualTo("x!");
    }
}
