package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A trace of version 1 has done a, b and c and waits for ok, and is taken up by other code. */
class MigrationTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final List<EngineEvent> events = new ArrayList<>();

    private Mono<String> step(WorkflowContext ctx, String name, String value) {
        return ctx.step(name, String.class, () -> world.does(name, value));
    }

    private Mono<String> ok(WorkflowContext ctx, String value) {
        return ctx.awaitIntervention("ok", String.class).map(ok -> value + ok);
    }

    private Workflow<String, String> one() {
        return Lab.workflow(
                "order",
                (ctx, in) -> step(ctx, "a", in + "a")
                        .flatMap(a -> step(ctx, "b", a + "b"))
                        .flatMap(b -> step(ctx, "c", b + "c"))
                        .flatMap(c -> ok(ctx, c)));
    }

    private static Workflow<String, String> two(
            Migration migration, BiFunction<WorkflowContext, String, Mono<String>> body) {
        return Workflow.named("order")
                .version("2")
                .migration(migration)
                .input(String.class)
                .output(String.class)
                .body(body);
    }

    private static Migration toTwo() {
        return Migration.between("1", "2");
    }

    private void begin(Workflow<String, String> workflow) {
        DurableEngine engine = lab.engine().register(workflow).build();
        engine.start(workflow, "t", "x").block();
        lab.pass(Duration.ofSeconds(10));
        engine.close().block();
    }

    private DurableEngine deploy(Workflow<?, ?>... workflows) {
        EngineBuilder builder = lab.engine().listener(events::add);
        for (Workflow<?, ?> workflow : workflows) {
            builder.register(workflow);
        }
        return builder.build();
    }

    private void decide(String id, String node, String value) {
        lab.newProcess()
                .traces()
                .saveIntervention(
                        "t",
                        Intervention.of(id, node, InterventionAction.SUPPLY, lab.clock.instant())
                                .withPayload(Payload.json('"' + value + '"')))
                .block();
        lab.pass(Duration.ofSeconds(30));
    }

    private String result() {
        return lab.trace("t").completion() == null
                ? "open"
                : lab.trace("t").completion().result().asText();
    }

    private List<JournalEntry> journal() {
        return lab.newProcess()
                .require(Capability.JOURNAL)
                .read("t", 0)
                .collectList()
                .block();
    }

    @Test
    void what_is_on_record_goes_on_under_new_names_and_with_new_results() {
        begin(one());
        deploy(two(
                toTwo().rename("a", "begin").drop("b").payload("c", String.class, Integer.class, String::length),
                (ctx, in) -> step(ctx, "begin", "?")
                        .flatMap(a -> step(ctx, "b", a + "B"))
                        .flatMap(b ->
                                ctx.step("c", Integer.class, () -> Mono.just(0)).map(c -> b + c))
                        .flatMap(c -> ok(ctx, c))));
        decide("d", "ok", "!");

        assertThat(result()).isEqualTo("\"xaB4!\"");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 2).containsEntry("c", 1);
        assertThat(world.times("begin")).isZero();
    }

    @Test
    void a_migrated_trace_is_of_the_new_version_wherever_it_is_taken_up_next() {
        begin(one());
        Workflow<String, String> two = two(
                toTwo().rename("a", "begin"),
                (ctx, in) -> step(ctx, "begin", "?").flatMap(a -> ok(ctx, a)).flatMap(b -> ok(ctx, b)));
        DurableEngine first = deploy(two);
        decide("d1", "ok", "!");
        assertThat(lab.trace("t").head().version()).isEqualTo("2");
        assertThat(lab.trace("t").envelopes())
                .extracting(PersistenceEnvelope::version)
                .containsOnly("2");
        first.close().block();

        deploy(one(), two);
        decide("d2", "ok#2", "?");

        assertThat(result()).isEqualTo("\"xa!?\"");
        assertThat(events).filteredOn(EngineEvent.Migrated.class::isInstance).hasSize(1);
    }

    @Test
    void history_stays_whole_and_says_what_was_done() {
        begin(one());
        List<JournalEntry> before = journal();
        deploy(two(toTwo().rename("a", "begin").drop("b"), (ctx, in) -> ok(ctx, in)));
        decide("d", "ok", "!");

        List<JournalEntry> after = journal();
        assertThat(after.subList(0, before.size())).isEqualTo(before);
        assertThat(after)
                .extracting(JournalEntry::event)
                .filteredOn(JournalEvent.Custom.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    JournalEvent.Custom custom = (JournalEvent.Custom) event;
                    assertThat(custom.type()).isEqualTo(MigrationPlan.MIGRATED);
                    assertThat(custom.payload().asText())
                            .isEqualTo("{\"from\":\"1\",\"hops\":[\"1 -> 2\"],\"nodes\":["
                                    + "{\"after\":\"begin\",\"before\":\"a\",\"fate\":\"RENAMED\",\"mapped\":false},"
                                    + "{\"after\":null,\"before\":\"b\",\"fate\":\"DROPPED\",\"mapped\":false},"
                                    + "{\"after\":\"c\",\"before\":\"c\",\"fate\":\"KEPT\",\"mapped\":false},"
                                    + "{\"after\":\"ok\",\"before\":\"ok\",\"fate\":\"KEPT\",\"mapped\":false}],"
                                    + "\"to\":\"2\"}");
                });
    }

    @Test
    void a_dry_run_tells_what_would_become_of_the_trace_and_writes_nothing() {
        Workflow<String, String> open = one();
        begin(open);
        int before = journal().size();
        DurableEngine engine = deploy(two(
                toTwo().rename("a", "begin")
                        .payload("a", String.class, String.class, a -> a)
                        .supply("new", Integer.class, 7)
                        .restartFrom("c"),
                (ctx, in) -> Mono.just(in)));

        assertThat(engine.migration("t").block()).hasToString("""
                trace 't' of workflow 'order': [1 -> 2]
                  RENAMED a -> begin, result mapped
                  KEPT b
                  AGAIN c
                  AGAIN ok
                  SUPPLIED new""");
        assertThat(journal()).hasSize(before);
    }

    @Test
    void a_trace_may_start_again_from_a_node_with_what_lies_before_it() {
        begin(one());
        deploy(two(
                toTwo().restartFrom("b"),
                (ctx, in) -> step(ctx, "a", "?")
                        .flatMap(a -> step(ctx, "b", a + "B"))
                        .flatMap(b -> ok(ctx, b))));
        decide("d", "ok", "!");

        assertThat(result()).isEqualTo("\"xaB!\"");
        assertThat(world.all()).containsEntry("a", 1).containsEntry("b", 2).containsEntry("c", 1);
    }

    @Test
    void a_trace_may_start_again_from_the_start_with_another_input() {
        begin(one());
        deploy(two(
                toTwo().fromStart().input(String.class, String.class, in -> in + in),
                (ctx, in) -> step(ctx, "a", in + "A").flatMap(a -> ok(ctx, a))));
        decide("d", "ok", "!");

        assertThat(result()).isEqualTo("\"xxA!\"");
        assertThat(world.times("a")).isEqualTo(2);
    }

    @Test
    void a_new_node_may_count_as_done() {
        begin(one());
        deploy(two(
                toTwo().supply("fraud-check", String.class, "fine"),
                (ctx, in) -> step(ctx, "fraud-check", "?").flatMap(a -> ok(ctx, a))));
        decide("d", "ok", "!");

        assertThat(result()).isEqualTo("\"fine!\"");
        assertThat(world.times("fraud-check")).isZero();
    }

    @Test
    void a_trace_reaches_a_later_version_by_way_of_those_between() {
        begin(one());
        Workflow<String, String> three = Workflow.named("order")
                .version("3")
                .migration(Migration.between("2", "3").rename("begin", "first"))
                .migration(toTwo().rename("a", "begin"))
                .input(String.class)
                .output(String.class)
                .body((ctx, in) -> step(ctx, "first", "?").flatMap(a -> ok(ctx, a)));
        DurableEngine engine = deploy(three);
        assertThat(engine.migration("t").block().hops()).containsExactly("1 -> 2", "2 -> 3");
        decide("d", "ok", "!");

        assertThat(result()).isEqualTo("\"xa!\"");
        assertThat(lab.trace("t").head().version()).isEqualTo("3");
    }

    @Test
    void repetitions_and_scopes_are_renamed_as_a_whole() {
        begin(Lab.workflow(
                "order",
                (ctx, in) -> step(ctx, "a", "1")
                        .flatMap(a -> step(ctx, "a", a + "2"))
                        .flatMap(b -> step(ctx.scope("part"), "c", b + "3"))
                        .flatMap(c -> ok(ctx, c))));
        deploy(two(
                toTwo().rename("a", "z").rename("part/", "section/inner/"),
                (ctx, in) -> step(ctx, "z", "?")
                        .flatMap(a -> step(ctx, "z", "?"))
                        .flatMap(b -> step(ctx.scope("section").scope("inner"), "c", "?"))
                        .flatMap(c -> ok(ctx, c))));
        decide("d", "ok", "!");

        assertThat(result()).isEqualTo("\"123!\"");
    }

    @Test
    void whoever_asks_with_the_new_input_hears_of_the_same_trace() {
        begin(one());
        Workflow<String, String> two =
                two(toTwo().input(String.class, String.class, in -> in + "2"), (ctx, in) -> ok(ctx, in));
        var result = deploy(two).run(two, "t", "x2").toFuture();
        decide("d", "ok", "!");

        assertThat(result).isCompletedWithValue("x2!");
    }

    @Test
    void a_resumed_trace_is_migrated_as_well() {
        begin(one());
        Workflow<String, String> two = two(toTwo().rename("a", "begin"), (ctx, in) -> step(ctx, "begin", "?"));

        assertThat(deploy().resume(two, "t").block()).isEqualTo("xa");
    }

    @Test
    void without_a_way_to_the_new_version_the_trace_is_left_alone() {
        begin(one());
        Workflow<String, String> two = two(Migration.between("0", "2"), (ctx, in) -> Mono.just(in));
        DurableEngine engine = deploy(two);
        decide("d", "ok", "!");

        assertThat(result()).isEqualTo("open");
        assertThatThrownBy(() -> engine.migration("t").block()).isInstanceOf(UnknownWorkflowException.class);
    }

    @Test
    void a_decision_about_a_step_on_record_is_taken_in_after_the_migration() {
        begin(one());
        decide("d1", "b", "other");
        deploy(two(
                toTwo(),
                (ctx, in) ->
                        step(ctx, "a", "?").flatMap(a -> step(ctx, "b", "?")).flatMap(b -> ok(ctx, b))));
        lab.pass(Duration.ofSeconds(30));
        decide("d2", "ok", "!");

        assertThat(result()).isEqualTo("\"other!\"");
        assertThat(lab.trace("t").interventions()).noneMatch(InterventionRecord::isPending);
    }

    @Test
    void a_decision_about_a_node_that_is_renamed_goes_with_it() {
        begin(one());
        decide("d", "ok", "!");
        deploy(two(
                toTwo().rename("ok", "approval"),
                (ctx, in) -> step(ctx, "c", "?")
                        .flatMap(c ->
                                ctx.awaitIntervention("approval", String.class).map(ok -> c + ok))));
        lab.pass(Duration.ofSeconds(30));

        assertThat(result()).isEqualTo("\"xabc!\"");
    }

    @Test
    void a_decision_about_a_halted_step_is_not_lost() {
        begin(Lab.workflow(
                "order",
                (ctx, in) -> ctx.step(
                        StepOptions.of("h", String.class).onFailure(OnFailure.HALT),
                        attempt -> Mono.error(new IllegalStateException("no")))));
        decide("d", "h", "by hand");
        deploy(two(toTwo().rename("h", "hand"), (ctx, in) -> step(ctx, "hand", "?")));
        lab.pass(Duration.ofSeconds(30));

        assertThat(result()).isEqualTo("\"by hand\"");
    }

    @Test
    void a_migration_that_fails_leaves_the_trace_as_it_was_and_says_no_content() {
        begin(one());
        int before = journal().size();
        DurableEngine engine = deploy(two(
                toTwo().payload("a", String.class, String.class, a -> {
                    throw new IllegalStateException("secret " + a);
                }),
                (ctx, in) -> Mono.just(in)));
        decide("d", "ok", "!");

        assertThat(journal()).hasSize(before + 1);
        assertThat(events).anySatisfy(event -> assertThat(event).isInstanceOf(EngineEvent.NotTaken.class));
        assertThatThrownBy(() -> engine.migration("t").block())
                .isInstanceOf(MigrationFailedException.class)
                .hasNoCause()
                .hasMessageContaining("failed at 'a' with java.lang.IllegalStateException")
                .hasMessageNotContaining("secret");
    }

    @Test
    void two_nodes_cannot_become_one() {
        begin(one());
        DurableEngine engine = deploy(two(toTwo().rename("a", "b"), (ctx, in) -> Mono.just(in)));

        assertThatThrownBy(() -> engine.migration("t").block())
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("two nodes have the name 'b'");
    }

    @Test
    void a_node_that_waits_for_another_trace_keeps_its_name() {
        Workflow<String, String> child = Lab.workflow("child", (ctx, in) -> ok(ctx, in));
        begin(Lab.workflow("order", (ctx, in) -> ctx.child("kid", child, in)));

        assertThatThrownBy(() -> MigrationPlan.of(
                        two(toTwo().rename("kid", "infant"), (ctx, in) -> Mono.just(in)),
                        lab.trace("t"),
                        PayloadCodec.json()))
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("'kid' waits for another trace");
        assertThat(MigrationPlan.of(
                        two(toTwo().drop("kid"), (ctx, in) -> Mono.just(in)), lab.trace("t"), PayloadCodec.json()))
                .isPresent();
    }

    @Test
    void a_trace_that_is_being_taken_back_is_not_migrated() {
        Workflow<String, String> failing = Workflow.named("order")
                .compensationPolicy(StepPolicy.defaults().withOnFailure(OnFailure.HALT))
                .input(String.class)
                .output(String.class)
                .body((ctx, in) -> ctx.step(
                                StepOptions.of("a", String.class)
                                        .compensate(a -> Mono.error(new IllegalStateException("stuck"))),
                                attempt -> Mono.just("a"))
                        .flatMap(a -> Mono.error(new IllegalStateException("no"))));
        begin(failing);

        assertThatThrownBy(() ->
                        MigrationPlan.of(two(toTwo(), (ctx, in) -> Mono.just(in)), lab.trace("t"), PayloadCodec.json()))
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("it is being taken back");
    }

    @Test
    void a_decision_saved_between_plan_and_story_is_not_lost() {
        begin(one());
        Workflow<String, String> two = two(
                toTwo().payload("a", String.class, String.class, a -> {
                    if (world.times("mapped") == 1) {
                        // the plan of the look-up is the first; this is the one that is written
                        decideNow();
                    }
                    world.does("mapped", a).block();
                    return a;
                }),
                (ctx, in) -> step(ctx, "a", "?").flatMap(a -> ok(ctx, a)));
        deploy(two);
        decide("d", "ok", "!");

        assertThat(result()).isEqualTo("\"changed!\"");
    }

    private void decideNow() {
        lab.newProcess()
                .traces()
                .saveIntervention(
                        "t",
                        Intervention.of("late", "a", InterventionAction.SUPPLY, lab.clock.instant())
                                .withPayload(Payload.json("\"changed\"")))
                .block();
    }
}
