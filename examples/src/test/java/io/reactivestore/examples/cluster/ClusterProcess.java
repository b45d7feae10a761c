package io.reactivestore.examples.cluster;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EngineEvent;
import io.reactivestore.engine.Workflow;
import io.reactivestore.r2dbc.R2dbcStore;
import java.io.IOException;
import java.time.Duration;
import reactor.core.publisher.Flux;

/** One process of a cluster: starts its share of the traces, takes up whatever is due, and dies whenever it is killed. */
final class ClusterProcess {

    private static final int STARTS_AT_ONCE = 64;
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private ClusterProcess() {}

    /**
     * Runs until its standard input ends.
     *
     * @param args the URL, the name of this process, and the numbers of its first trace and behind its last one
     */
    public static void main(String[] args) throws IOException {
        ConnectionPool connections =
                new ConnectionPool(ConnectionPoolConfiguration.builder(ConnectionFactories.get(args[0]))
                        .maxSize(8)
                        .build());
        Workflow<Integer, Integer> workflow = new ClusterWork(connections, args[1]).workflow();
        R2dbcStore store = R2dbcStore.create(args[0]);
        DurableEngine engine = DurableEngine.builder(store)
                .name(args[1])
                .register(workflow)
                .heartbeat(HEARTBEAT)
                .pollInterval(Duration.ofMillis(500))
                .listener(ClusterProcess::print)
                .build();
        int first = Integer.parseInt(args[2]);
        int end = Integer.parseInt(args[3]);
        Flux.range(first, end - first)
                .flatMap(i -> engine.start(workflow, ClusterWork.traceId(i), i), STARTS_AT_ONCE)
                .then()
                .subscribe(nothing -> {}, error -> System.out.println("not started: " + error));
        while (System.in.read() >= 0) {
            // nothing is said
        }
        engine.close().then(store.close()).block(Duration.ofMinutes(1));
        System.exit(0);
    }

    private static void print(EngineEvent event) {
        if (event instanceof EngineEvent.RunFailed || event instanceof EngineEvent.Trouble) {
            System.out.println(event);
        }
    }
}
