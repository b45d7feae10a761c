package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What becomes of a trace that waits while the code is changed. */
class ChangeOfCodeTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final List<EngineEvent> events = new ArrayList<>();

    private Workflow<String, String> order(String version, UnaryOperator<WorkflowDefinition> more) {
        return more.apply(Workflow.named("order").version(version))
                .input(String.class)
                .output(String.class)
                .body((ctx, in) -> ctx.step("a", String.class, () -> world.does("a" + version, in + "a" + version))
                        .flatMap(a -> ctx.awaitIntervention("ok", String.class).map(ok -> a + ok))
                        .flatMap(b -> ctx.step("b", String.class, () -> world.does("b" + version, b + "b" + version))));
    }

    private Workflow<String, String> order(String version) {
        return order(version, definition -> definition);
    }

    private Workflow<String, String> pipeline(String second, UnaryOperator<WorkflowDefinition> more) {
        return Pipeline.of(more.apply(Workflow.named("order")).input(String.class))
                .then("a", String.class, in -> world.does("a", in + "a"))
                .await("ok", String.class, (in, ok) -> in + ok)
                .then(second, String.class, in -> world.does(second, in + second))
                .build();
    }

    /** Runs until it waits; then its process is gone. */
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

    private void decide() {
        lab.newProcess()
                .traces()
                .saveIntervention(
                        "t",
                        Intervention.of("d", "ok", InterventionAction.SUPPLY, lab.clock.instant())
                                .withPayload(Payload.json("\"!\"")))
                .block();
        lab.pass(Duration.ofSeconds(30));
    }

    private String result() {
        return lab.trace("t").completion() == null
                ? "open"
                : lab.trace("t").completion().result().asText();
    }

    @Test
    void a_trace_runs_with_its_own_version_as_long_as_that_is_registered() {
        begin(order("1"));
        deploy(order("1"), order("2", definition -> definition.onChange(ChangePolicy.CONTINUE)));
        decide();

        assertThat(result()).isEqualTo("\"xa1!b1\"");
    }

    @Test
    void by_default_a_trace_of_an_unknown_version_is_left_alone_and_refused_to_who_asks() {
        begin(order("1"));
        DurableEngine engine = deploy(order("2"));
        decide();

        assertThat(result()).isEqualTo("open");
        assertThat(lab.trace("t").claimsSinceProgress()).isZero();
        assertThatThrownBy(() -> engine.resume("t").block())
                .isInstanceOf(UnknownWorkflowException.class)
                .hasMessageContaining("'order:1', registered are [order:2]");
        assertThatThrownBy(() -> engine.resume(order("2"), "t").block())
                .isInstanceOf(WorkflowConflictException.class)
                .hasMessageContaining("'order:1'")
                .hasMessageContaining("'order:2'");
    }

    @Test
    void a_workflow_that_continues_goes_on_with_what_is_on_record() {
        begin(order("1"));
        Workflow<String, String> two = order("2", definition -> definition.onChange(ChangePolicy.CONTINUE));
        DurableEngine engine = deploy(two);
        CompletableFuture<String> result = engine.run(two, "t", "x").toFuture();
        decide();

        assertThat(result).isCompletedWithValue("xa1!b2");
        assertThat(world.all()).containsOnlyKeys("a1", "b2");
        assertThat(engine.migration("t").blockOptional()).isEmpty();
    }

    @Test
    void of_several_versions_that_continue_the_one_registered_last_does() {
        begin(order("1"));
        deploy(
                order("2", definition -> definition.onChange(ChangePolicy.CONTINUE)),
                order("10", definition -> definition.onChange(ChangePolicy.CONTINUE)),
                order("3"));
        decide();

        assertThat(result()).isEqualTo("\"xa1!b10\"");
    }

    @Test
    void a_fork_of_an_old_trace_goes_on_with_the_code_that_takes_it() {
        begin(order("1"));
        Workflow<String, String> two = order("2", definition -> definition.onChange(ChangePolicy.CONTINUE));
        DurableEngine engine = deploy(two);

        engine.fork("t", 1, "copy").block();
        lab.pass(Duration.ofSeconds(1));

        assertThat(engine.waits("copy").map(Wait::node).collectList().block()).containsExactly("ok");
    }

    @Test
    void a_pipeline_of_the_same_shape_goes_on_without_a_word() {
        begin(pipeline("b", definition -> definition.onChange(ChangePolicy.REFUSE)));
        deploy(pipeline("b", definition -> definition.onChange(ChangePolicy.REFUSE)));
        decide();

        assertThat(result()).isEqualTo("\"xa!b\"");
        assertThat(events).noneMatch(EngineEvent.StructureChanged.class::isInstance);
    }

    @Test
    void a_pipeline_of_another_shape_is_reported_and_goes_on_by_default() {
        Workflow<String, String> old = pipeline("b", definition -> definition);
        Workflow<String, String> changed = pipeline("c", definition -> definition);
        begin(old);
        deploy(changed);
        decide();

        assertThat(result()).isEqualTo("\"xa!c\"");
        assertThat(events)
                .contains(new EngineEvent.StructureChanged(
                        "t", old.traits().structure(), changed.traits().structure()));
    }

    @Test
    void a_pipeline_that_refuses_another_shape_neither_claims_nor_resumes_such_traces() {
        Workflow<String, String> changed = pipeline("c", definition -> definition.onChange(ChangePolicy.REFUSE));
        begin(pipeline("b", definition -> definition));
        long before = lab.trace("t").position();
        DurableEngine engine = deploy(changed);
        decide();

        assertThat(result()).isEqualTo("open");
        assertThat(lab.trace("t").position()).isEqualTo(before + 1);
        assertThat(events)
                .filteredOn(EngineEvent.NotTaken.class::isInstance)
                .isNotEmpty()
                .allSatisfy(event ->
                        assertThat(((EngineEvent.NotTaken) event).why()).isInstanceOf(WorkflowChangedException.class));
        assertThatThrownBy(() -> engine.resume(changed, "t").block())
                .isInstanceOfSatisfying(
                        WorkflowChangedException.class,
                        error -> assertThat(error.current())
                                .isEqualTo(changed.traits().structure()));
        assertThat(lab.trace("t").position()).isEqualTo(before + 1);
    }

    @Test
    void a_pipeline_may_migrate_traces_of_another_shape_under_the_same_version() {
        begin(pipeline("b", definition -> definition));
        Workflow<String, String> changed = pipeline(
                "c",
                definition -> definition.migration(
                        Migration.between("1", "1").payload("a", String.class, String.class, a -> a + "+")));
        deploy(changed);
        decide();

        assertThat(result()).isEqualTo("\"xa+!c\"");
        assertThat(TraceMeta.of(lab.trace("t")).structure())
                .isEqualTo(changed.traits().structure());
        assertThat(events).filteredOn(EngineEvent.Migrated.class::isInstance).hasSize(1);
    }

    @Test
    void what_has_ended_is_known_to_new_code_that_would_take_it() {
        Workflow<String, String> old =
                Lab.workflow("order", (ctx, in) -> ctx.step("a", String.class, () -> Mono.just(in)));
        lab.engine().register(old).build().run(old, "t", "x").block();
        Workflow<String, String> two = order("2", definition -> definition.onChange(ChangePolicy.CONTINUE));

        assertThat(deploy(two).run(two, "t", "x").block()).isEqualTo("x");
        assertThatThrownBy(() -> deploy().run(order("2"), "t", "x").block())
                .isInstanceOf(WorkflowConflictException.class);
    }
}
