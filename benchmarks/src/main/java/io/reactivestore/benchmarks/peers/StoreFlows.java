package io.reactivestore.benchmarks.peers;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.r2dbc.R2dbcConfig;
import io.reactivestore.r2dbc.R2dbcStore;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The store alone, without the engine: a workflow is ten appends, one after the other. */
final class StoreFlows implements Contestant {

    private final R2dbcStore store;
    private final int steps;

    StoreFlows(Place place, int steps) {
        this.store = R2dbcStore.create(
                place.r2dbcUrl(),
                R2dbcConfig.defaults().withSchema(place.schema()).withMaxConnections(Place.CONNECTIONS));
        this.steps = steps;
        store.migrate().block();
    }

    @Override
    public void drive(int inFlight, Flows load) {
        Flux.range(0, inFlight).flatMap(i -> caller(load), inFlight).blockLast();
    }

    private Mono<Void> caller(Flows load) {
        return Mono.defer(() -> {
                    long begun = load.begin();
                    String traceId = Flows.newId();
                    return Flux.range(1, steps)
                            .concatMap(step -> append(traceId, step, load))
                            .count()
                            .doOnSuccess(count -> load.ended(begun));
                })
                .repeat(load::another)
                .then();
    }

    private Mono<Long> append(String traceId, int step, Flows load) {
        return store.traces()
                .append(PersistenceEnvelope.of(traceId, "order", step, "charge-card", Outcome.SUCCESS, Instant.now())
                        .withPayload(Payload.json('"' + load.step() + '"')));
    }

    @Override
    public void close() {
        store.close().block();
    }
}
