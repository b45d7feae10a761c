package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.engine.PipelineGraph.Edge;
import io.reactivestore.engine.PipelineGraph.Kind;
import io.reactivestore.engine.PipelineGraph.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PipelineGraphTest {

    private static final String TEXT = "java.lang.String";

    private static Pipeline<String, String> order() {
        return Pipeline.named("order", String.class)
                .then("validate", String.class, Mono::just)
                .branch(
                        "size",
                        String.class,
                        cases -> cases.when("large", in -> true, chain -> chain.await("approval", String.class))
                                .otherwise("small", chain -> chain))
                .sleep("nap", Duration.ofHours(1));
    }

    @Test
    void the_graph_has_a_node_for_each_link_and_edges_named_after_cases() {
        assertThat(order().graph())
                .isEqualTo(new PipelineGraph(
                        List.of(
                                new Node("$start", Kind.START, TEXT),
                                new Node("validate", Kind.STEP, TEXT),
                                new Node("size", Kind.CHOICE, TEXT),
                                new Node("size/large/approval", Kind.WAIT, TEXT),
                                new Node("nap", Kind.SLEEP, null),
                                new Node("$end", Kind.END, TEXT)),
                        List.of(
                                new Edge("$start", "validate", null),
                                new Edge("validate", "size", null),
                                new Edge("size", "size/large/approval", "large"),
                                new Edge("size/large/approval", "nap", null),
                                new Edge("size", "nap", "small"),
                                new Edge("nap", "$end", null))));
    }

    @Test
    void branches_that_run_side_by_side_lie_between_a_fork_and_a_join() {
        PipelineGraph graph = Pipeline.named("order", String.class)
                .parallel(
                        "prepare",
                        Integer.class,
                        branches -> branches.with("a", chain -> chain.then("s", String.class, Mono::just))
                                .with("b", chain -> chain),
                        done -> 1)
                .graph();

        assertThat(graph.nodes())
                .extracting(Node::key)
                .containsExactly("$start", "prepare", "prepare/a/s", "prepare/$join", "$end");
        assertThat(graph.edges())
                .contains(
                        new Edge("prepare", "prepare/a/s", "a"),
                        new Edge("prepare/a/s", "prepare/$join", null),
                        new Edge("prepare", "prepare/$join", "b"));
    }

    @Test
    void only_what_has_a_record_is_a_declared_node() {
        assertThat(order().build().traits().nodes())
                .containsExactlyInAnyOrder("validate", "size", "size/large/approval", "nap");
    }

    @Test
    void the_hash_is_that_of_names_kinds_types_and_order_and_not_of_functions_and_policies() {
        String hash = order().graph().hash();
        Pipeline<String, String> begun = Pipeline.named("order", String.class);
        String ab = begun.then("a", String.class, Mono::just)
                .then("b", String.class, Mono::just)
                .graph()
                .hash();

        assertThat(hash).hasSize(64).isEqualTo(order().graph().hash());
        assertThat(begun.then("a", String.class, in -> Mono.empty())
                        .thenWithTimeout("b", String.class, Duration.ofSeconds(1), Mono::just)
                        .graph()
                        .hash())
                .isEqualTo(ab);
        assertThat(List.of(
                        begun.then("b", String.class, Mono::just).then("a", String.class, Mono::just),
                        begun.then("a", String.class, Mono::just).await("b", String.class),
                        begun.then("a", Object.class, in -> Mono.just(in)).then("b", String.class, in -> Mono.just("")),
                        begun.then("a", String.class, Mono::just)))
                .extracting(pipeline -> pipeline.graph().hash())
                .doesNotHaveDuplicates()
                .doesNotContain(ab);
    }

    @Test
    void the_hash_stays_what_it_is_from_release_to_release() {
        assertThat(order().graph().hash())
                .isEqualTo("0d9cd50cea51863fddc81033b9bfaf852ecb48166036b4f4dfc552958b0d9873");
    }

    @Test
    void the_hash_is_recorded_when_a_trace_starts() {
        Lab lab = new Lab();
        Workflow<String, String> order = Pipeline.named("order", String.class)
                .then("a", String.class, Mono::just)
                .build();

        lab.engine().register(order).build().run(order, "t", "x").block();

        assertThat(TraceMeta.of(lab.trace("t")).structure())
                .isEqualTo(order.traits().structure());
    }

    @Test
    void the_graph_can_be_drawn() {
        assertThat(order().graph().toMermaid()).isEqualTo("""
                flowchart TD
                    n0(["$start"])
                    n1["validate"]
                    n2{"size"}
                    n3[/"size/large/approval"/]
                    n4[\\"nap"\\]
                    n5(["$end"])
                    n0 --> n1
                    n1 --> n2
                    n2 -->|"large"| n3
                    n3 --> n4
                    n2 -->|"small"| n4
                    n4 --> n5
                """);
    }
}
