package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.core.StoreConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Callers who leave at any moment leave no connection behind, and one connection is enough for any number of callers. */
class ConnectionLeakTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int CALLS = 1_000;

    @ParameterizedTest
    @CsvSource({"POSTGRESQL, 1", "POSTGRESQL, 8", "H2, 1"})
    void calls_cancelled_at_any_moment_give_their_connections_back(Database kind, int pool) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults()
                    .withMaxConnections(pool)
                    .withStore(StoreConfig.defaults().withCachedSteps(200)));
            store.migrate().block(LIMIT);
            Flux.range(0, CALLS).flatMap(i -> cutShort(call(store, i)), 32).blockLast(LIMIT);
            awaitNoneInUse(store);

            Flux.range(0, 100)
                    .flatMap(i -> store.traces().append(step("after-" + i, 9)), 100)
                    .blockLast(LIMIT);
            awaitNoneInUse(store);
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_journal WHERE trace_id LIKE 'after-%'"))
                    .isEqualTo(100);
            store.close().block(LIMIT);
        }
    }

    private static Mono<?> call(R2dbcStore store, int number) {
        String traceId = "trace-" + number % 50;
        return switch (number % 5) {
            case 0, 1 -> store.traces().append(step(traceId, number));
            case 2 -> store.traces().load(traceId);
            case 3 -> store.require(Capability.JOURNAL).read(traceId, 0).take(3).then();
            default -> store.require(Capability.CATALOG).recent(5).then();
        };
    }

    private static Mono<?> cutShort(Mono<?> call) {
        Duration moment = Duration.ofNanos(ThreadLocalRandom.current().nextInt(5_000_000));
        return Mono.firstWithSignal(call.then(), Mono.delay(moment).then());
    }

    /** What was cancelled in the middle of a statement is given back when the database has answered it. */
    private static void awaitNoneInUse(R2dbcStore store) {
        for (int tries = 0; store.connectionsInUse() != 0; tries++) {
            assertThat(tries)
                    .as("%s connections in use", store.connectionsInUse())
                    .isLessThan(600);
            Mono.delay(Duration.ofMillis(100)).block();
        }
        assertThat(store.connectionsInUse()).isZero();
    }

    private static PersistenceEnvelope step(String traceId, long step) {
        return PersistenceEnvelope.of(traceId, "order", step, "node-" + step, Outcome.SUCCESS, Instant.EPOCH)
                .withPayload(Payload.json("\"" + step + "\""));
    }
}
