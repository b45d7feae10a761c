package io.reactivestore.benchmarks.peers;

import io.reactivestore.ReactiveStore;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Workflow;
import io.reactivestore.memory.InMemoryStore;
import io.reactivestore.r2dbc.R2dbcConfig;
import io.reactivestore.r2dbc.R2dbcStore;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reactive Store: engine and store with their defaults. */
final class EngineFlows implements Contestant {

    private final ReactiveStore store;
    private final DurableEngine engine;
    private final Workflow<Order, Long> workflow;

    /** What a workflow gets. */
    record Order(String payload) {}

    private volatile Flows load = Flows.none();

    private EngineFlows(ReactiveStore store, int steps) {
        this.store = store;
        workflow = Workflow.named("order")
                .input(Order.class)
                .output(Long.class)
                .body((ctx, order) -> Flux.range(0, steps)
                        .concatMap(i -> ctx.step("charge-card", String.class, () -> Mono.fromSupplier(load::step)))
                        .count());
        engine = DurableEngine.builder(store).register(workflow).build();
    }

    static Contestant onPostgres(Place place, int steps) {
        R2dbcStore store = R2dbcStore.create(
                place.r2dbcUrl(),
                R2dbcConfig.defaults().withSchema(place.schema()).withMaxConnections(Place.CONNECTIONS));
        return on(store, steps);
    }

    static Contestant onH2File(Path directory, int steps) {
        return on(
                R2dbcStore.create(
                        "r2dbc:h2:file:///" + directory.resolve("flows").toAbsolutePath()),
                steps);
    }

    private static Contestant on(R2dbcStore store, int steps) {
        store.migrate().block();
        return new EngineFlows(store, steps);
    }

    static Contestant inMemory(int steps) {
        return new EngineFlows(InMemoryStore.create(), steps);
    }

    @Override
    public void drive(int inFlight, Flows load) {
        this.load = load;
        Flux.range(0, inFlight).flatMap(i -> caller(load), inFlight).blockLast();
    }

    private Mono<Void> caller(Flows load) {
        return Mono.defer(() -> {
                    long begun = load.begin();
                    return engine.run(workflow, Flows.newId(), new Order(load.payload()))
                            .doOnSuccess(count -> load.ended(begun));
                })
                .repeat(load::another)
                .then();
    }

    @Override
    public void close() {
        engine.close().then(store.close()).block();
    }
}
