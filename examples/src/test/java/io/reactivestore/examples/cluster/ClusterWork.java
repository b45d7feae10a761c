package io.reactivestore.examples.cluster;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.reactivestore.engine.StepOptions;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.WorkflowContext;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the processes of a cluster run: steps whose effects are rows of a table, each written as often as it is done. */
final class ClusterWork {

    static final String EFFECTS = """
            CREATE TABLE effect (trace_id text NOT NULL, step text NOT NULL, engine text NOT NULL, \
            at timestamptz NOT NULL DEFAULT clock_timestamp())""";

    static final List<String> STEPS =
            List.of("first", "fan/a/branch", "fan/b/branch", "fan/c/branch", "late", "in-transaction", "last");

    private static final Duration NAP = Duration.ofSeconds(2);

    private final ConnectionFactory connections;
    private final String engine;

    ClusterWork(ConnectionFactory connections, String engine) {
        this.connections = connections;
        this.engine = engine;
    }

    static String traceId(int number) {
        return "trace-" + number;
    }

    Workflow<Integer, Integer> workflow() {
        return Workflow.named("cluster")
                .input(Integer.class)
                .output(Integer.class)
                .body(this::run);
    }

    private Mono<Integer> run(WorkflowContext ctx, Integer input) {
        return ctx.step("first", Integer.class, () -> effect(ctx, "first", 1))
                .thenMany(ctx.each(
                        "fan",
                        List.of("a", "b", "c"),
                        key -> key,
                        2,
                        (item, key) ->
                                item.step("branch", Integer.class, () -> effect(ctx, "fan/" + key + "/branch", 1))))
                .then(ctx.sleep("nap", NAP))
                .then(ctx.step("late", Integer.class, () -> effect(ctx, "late", 1)))
                .then(ctx.transaction(
                        StepOptions.of("in-transaction", Integer.class),
                        Connection.class,
                        (step, connection) -> insert(connection, ctx.traceId(), "in-transaction")
                                .thenReturn(1)))
                .then(ctx.step("last", Integer.class, () -> effect(ctx, "last", input)));
    }

    /** Takes a while, so that a process may die in the middle of it. */
    private Mono<Integer> effect(WorkflowContext ctx, String step, int result) {
        return Mono.usingWhen(
                        connections.create(),
                        connection -> insert(connection, ctx.traceId(), step),
                        connection -> connection.close())
                .then(Mono.delay(Duration.ofMillis(50)))
                .thenReturn(result);
    }

    private Mono<Void> insert(Connection connection, String traceId, String step) {
        return Flux.from(connection
                        .createStatement("INSERT INTO effect (trace_id, step, engine) VALUES ($1, $2, $3)")
                        .bind(0, traceId)
                        .bind(1, step)
                        .bind(2, engine)
                        .execute())
                .flatMap(result -> result.getRowsUpdated())
                .then();
    }
}
