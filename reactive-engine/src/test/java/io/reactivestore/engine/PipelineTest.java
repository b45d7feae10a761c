package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PipelineTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();
    private final List<EngineEvent> events = new ArrayList<>();

    private Pipeline<String, String> begun() {
        return Pipeline.named("order", String.class)
                .then("validate", String.class, in -> world.does("validate", in + "v"));
    }

    private DurableEngine engine(Workflow<?, ?> workflow) {
        return lab.engine().register(workflow).listener(events::add).build();
    }

    private <O> CompletableFuture<O> run(Workflow<String, O> workflow) {
        return engine(workflow).run(workflow, "t", "x").toFuture();
    }

    private void decide(DurableEngine engine, String id, String node, InterventionAction action, String json) {
        engine.intervene(
                        "t",
                        Intervention.of(id, node, action, lab.clock.instant())
                                .withPayload(json == null ? null : Payload.json(json)))
                .block();
    }

    @Test
    void each_link_is_given_what_the_one_before_it_hands_on() {
        Workflow<String, Integer> order = begun().then("charge", String.class, in -> world.does("charge", in + "c"))
                .then("count", Integer.class, in -> Mono.just(in.length()))
                .build();

        assertThat(run(order)).isCompletedWithValue(3);
        assertThat(lab.nodes("t")).containsExactly("start", "$meta", "$graph", "validate", "charge", "count");
    }

    @Test
    void after_a_restart_steps_on_record_are_not_done_again() {
        Workflow<String, String> order = begun().sleep("cool-down", Duration.ofHours(1))
                .then("charge", String.class, in -> world.does("charge", in + "c"))
                .build();
        CompletableFuture<String> result = run(order);

        lab.pass(Duration.ofHours(2));

        assertThat(result).isCompletedWithValue("xvc");
        assertThat(world.times("validate")).isEqualTo(1);
        assertThat(events).filteredOn(EngineEvent.RunStarted.class::isInstance).hasSize(2);
    }

    @Test
    void a_step_with_retry_is_tried_again_and_one_with_a_timeout_is_cut_off() {
        Workflow<String, String> order = begun().thenWithRetry(
                        "charge",
                        String.class,
                        RetryPolicy.fixed(3, Duration.ofSeconds(1)),
                        in -> world.does("charge", in)
                                .flatMap(value -> world.times("charge") < 3
                                        ? Mono.error(new IllegalStateException("busy"))
                                        : Mono.just(value + "c")))
                .then(
                        StepOptions.of("ship", String.class)
                                .timeout(Duration.ofSeconds(5))
                                .fallback(failure -> Mono.just("late")),
                        in -> Mono.never())
                .build();
        CompletableFuture<String> result = run(order);

        lab.pass(Duration.ofSeconds(10));

        assertThat(result).isCompletedWithValue("late");
        assertThat(world.times("charge")).isEqualTo(3);
    }

    @Test
    void compensated_steps_are_taken_back_in_reverse() {
        Workflow<String, String> order = begun().then(
                        StepOptions.of("reserve", String.class).compensate(r -> world.does("release", r)),
                        in -> world.does("reserve", in))
                .then("fail", String.class, in -> Mono.error(new IllegalStateException("no")))
                .build();

        assertThat(run(order)).isCompletedExceptionally();
        assertThat(world.times("release")).isEqualTo(1);
        assertThat(lab.trace("t").completion().state()).isEqualTo(CompletionState.COMPENSATED);
    }

    private Workflow<String, String> branching(String threshold) {
        return begun().branch(
                        "size",
                        String.class,
                        cases -> cases.when(
                                        "small",
                                        in -> world.does("asked", in).block().compareTo(threshold) < 0,
                                        chain -> chain.then("post", String.class, in -> world.does("post", in + "p")))
                                .otherwise(
                                        "large",
                                        chain -> chain.await("approval", String.class, (in, ok) -> in + ok)
                                                .then("truck", String.class, in -> world.does("truck", in + "t"))))
                .then("done", String.class, in -> Mono.just(in + "d"))
                .build();
    }

    @Test
    void a_branch_records_its_choice_and_goes_on_behind_the_case() {
        assertThat(run(branching("y"))).isCompletedWithValue("xvpd");
        assertThat(lab.nodes("t"))
                .containsExactly("start", "$meta", "$graph", "validate", "size", "size/small/post", "done");
    }

    @Test
    void a_choice_is_made_once_whatever_restarts_and_new_conditions_say() {
        CompletableFuture<String> result = run(branching("a"));
        lab.pass(Duration.ofSeconds(10));
        DurableEngine engine = engine(branching("z"));

        decide(engine, "d", "size/large/approval", InterventionAction.SUPPLY, "\"!\"");
        lab.pass(Duration.ofSeconds(10));

        assertThat(result).isCompletedWithValue("xv!td");
        assertThat(world.times("asked")).isEqualTo(1);
    }

    @Test
    void a_choice_that_no_case_answers_stops_the_run_until_somebody_decides_again() {
        Workflow<String, String> order = begun().sleep("wait", Duration.ofHours(1))
                .branch(
                        "size",
                        String.class,
                        cases -> cases.when(
                                        "small",
                                        in -> true,
                                        chain -> chain.then("post", String.class, in -> Mono.just("posted")))
                                .otherwise("large", chain -> chain))
                .build();
        DurableEngine engine = engine(order);
        CompletableFuture<String> result = engine.run(order, "t", "x").toFuture();

        decide(engine, "d1", "size", InterventionAction.SUPPLY, "\"huge\"");
        lab.pass(Duration.ofHours(2));
        assertThat(result)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(UnknownCaseException.class)
                .withMessageContaining("none of [small, large]");
        assertThat(lab.trace("t").completion()).isNull();

        decide(engine, "d2", "size", InterventionAction.SUPPLY, "\"large\"");
        assertThat(engine.resume(order, "t").block()).isEqualTo("xv");
    }

    private Workflow<String, String> parallel() {
        return begun().parallel(
                        "prepare",
                        String.class,
                        branches -> branches.with(
                                        "laptop",
                                        chain -> chain.then(
                                                        "order", String.class, in -> world.takes(1, "order", in + "l"))
                                                .then(
                                                        "install",
                                                        Integer.class,
                                                        in -> world.does("install", in.length())))
                                .with("access", chain -> chain.await("grant", String.class))
                                .with("news", chain -> chain.then("tell", Void.class, in -> Mono.empty())),
                        done -> done.get("laptop", Integer.class)
                                + done.get("access", String.class)
                                + done.get("news", Void.class))
                .then("done", String.class, in -> Mono.just(in + "d"))
                .build();
    }

    @Test
    void parallel_branches_run_side_by_side_and_are_joined() {
        Workflow<String, String> order = parallel();
        DurableEngine engine = engine(order);
        CompletableFuture<String> result = engine.run(order, "t", "x").toFuture();
        assertThat(engine.waits("t").map(Wait::node).collectList().block()).containsExactly("prepare/access/grant");

        world.passTime();
        lab.pass(Duration.ofSeconds(10));
        decide(engine, "d", "prepare/access/grant", InterventionAction.SUPPLY, "\"g\"");
        lab.pass(Duration.ofSeconds(10));

        assertThat(result).isCompletedWithValue("3gnulld");
        assertThat(world.all()).containsEntry("order", 1).containsEntry("install", 1);
    }

    @Test
    void a_link_without_result_hands_null_on_and_the_chain_goes_on() {
        Workflow<String, String> order = begun().then("tell", Void.class, in -> Mono.empty())
                .then("done", String.class, in -> Mono.just("had " + in))
                .build();

        assertThat(run(order)).isCompletedWithValue("had null");
    }

    @Test
    void a_pipeline_may_end_empty() {
        Workflow<String, Void> order =
                begun().then("tell", Void.class, in -> Mono.empty()).build();

        assertThat(run(order)).isCompletedWithValue(null);
    }

    @Test
    void a_wait_with_a_time_limit_takes_what_was_said_for_that_case() {
        Workflow<String, String> order = begun().await("approval", String.class, Duration.ofHours(1), "nobody")
                .build();
        CompletableFuture<String> result = run(order);

        lab.pass(Duration.ofHours(2));

        assertThat(result).isCompletedWithValue("nobody");
    }

    @Test
    void a_step_that_is_run_again_with_a_payload_has_a_new_input() {
        Workflow<String, String> order = begun().then("charge", String.class, in -> world.does("charge", in + "c"))
                .await("approval", String.class, (in, ok) -> in + ok)
                .build();
        DurableEngine engine = engine(order);
        CompletableFuture<String> result = engine.run(order, "t", "x").toFuture();

        decide(engine, "d1", "charge", InterventionAction.RERUN, "\"new\"");
        decide(engine, "d2", "approval", InterventionAction.SUPPLY, "\"!\"");
        lab.pass(Duration.ofSeconds(10));

        assertThat(result).isCompletedWithValue("newc!");
    }

    @Test
    void a_new_input_may_have_type_parameters() {
        Workflow<String, Integer> order = begun().then(
                        "split", new TypeReference<List<Long>>() {}, in -> Mono.just(List.of(1L, 2L)))
                .then(
                        "sum",
                        Integer.class,
                        all -> Mono.just(all.stream().mapToInt(Long::intValue).sum()))
                .await("approval", Integer.class, (sum, ok) -> sum + ok)
                .build();
        DurableEngine engine = engine(order);
        CompletableFuture<Integer> result = engine.run(order, "t", "x").toFuture();

        decide(engine, "d1", "sum", InterventionAction.RERUN, "[10,20]");
        decide(engine, "d2", "approval", InterventionAction.SUPPLY, "3");
        lab.pass(Duration.ofSeconds(10));

        assertThat(result).isCompletedWithValue(33);
    }

    @Test
    void somebody_may_decide_about_a_node_that_is_yet_to_be_reached_but_not_about_an_unknown_one() {
        Workflow<String, String> order = begun().await("approval", String.class)
                .then("charge", String.class, in -> world.does("charge", in))
                .build();
        DurableEngine engine = engine(order);
        CompletableFuture<String> result = engine.run(order, "t", "x").toFuture();

        decide(engine, "d1", "charge", InterventionAction.SUPPLY, "\"paid\"");
        assertThatThrownBy(() -> decide(engine, "d2", "charg", InterventionAction.SUPPLY, "\"paid\""))
                .isInstanceOf(InterventionRefusedException.class);
        decide(engine, "d3", "approval", InterventionAction.SUPPLY, "\"ok\"");
        lab.pass(Duration.ofSeconds(10));

        assertThat(result).isCompletedWithValue("paid");
        assertThat(world.times("charge")).isZero();
    }

    @Test
    void the_same_names_twice_are_refused() {
        assertThatThrownBy(() -> begun().sleep("validate", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two links of one chain have the name 'validate'");
        assertThatThrownBy(() -> begun().branch(
                                "b",
                                String.class,
                                cases -> cases.when("c", in -> true, chain -> chain)
                                        .otherwise("c", chain -> chain)))
                .hasMessage("two parts of 'b' have the name 'c'");
    }

    @Test
    void a_branch_says_what_to_do_otherwise_and_then_nothing_more() {
        assertThatThrownBy(
                        () -> begun().branch("b", String.class, cases -> cases.when("c", in -> true, chain -> chain)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("branch 'b' does not say what to do otherwise");
        assertThatThrownBy(() -> begun().branch(
                                "b",
                                String.class,
                                cases -> cases.otherwise("c", chain -> chain).when("d", in -> true, chain -> chain)))
                .hasMessage("case 'd' of branch 'b' is never reached");
    }

    @Test
    void a_part_cannot_be_built() {
        assertThatThrownBy(() -> begun().parallel(
                                "p",
                                String.class,
                                branches -> branches.with("a", chain -> {
                                    chain.build();
                                    return chain;
                                }),
                                done -> ""))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_pipeline_is_named_by_a_whole_definition_as_well() {
        Workflow<String, String> order = Pipeline.of(Workflow.named("order")
                        .version("7")
                        .deadline(Duration.ofHours(1))
                        .input(String.class))
                .then("a", String.class, Mono::just)
                .build();

        assertThat(order).hasToString("order:7");
        assertThat(order.traits().deadline()).isEqualTo(Duration.ofHours(1));
    }
}
