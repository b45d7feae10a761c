package io.reactivestore.benchmarks.append;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.r2dbc.R2dbcConfig;
import io.reactivestore.r2dbc.R2dbcStore;
import java.time.Instant;

/** Reactive Store as it comes: hash, group commit, rules, heads. */
final class StoreContender implements Contender {

    static final String PREFIX = "bench_";

    private final R2dbcStore store;

    StoreContender(BenchmarkDatabase database) {
        store = R2dbcStore.create(database.r2dbcUrl(), R2dbcConfig.defaults().withTablePrefix(PREFIX));
        store.migrate().block();
    }

    @Override
    public void append(int callers, Load load) {
        load.drive(
                callers,
                entry -> store.traces()
                        .append(PersistenceEnvelope.of(
                                        entry.traceId(),
                                        "order",
                                        entry.step(),
                                        "charge-card",
                                        Outcome.SUCCESS,
                                        Instant.now())
                                .withPayload(Payload.owning(entry.payload(), Payload.JSON))));
    }

    @Override
    public void close() {
        store.close().block();
    }
}
