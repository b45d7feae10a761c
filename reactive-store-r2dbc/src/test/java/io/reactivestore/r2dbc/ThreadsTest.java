package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Who works on which thread: a blocking driver on threads of its own, callers never on those, and nobody blocks. */
class ThreadsTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

    @Test
    void h2_works_on_threads_of_its_own_and_callers_never_do() {
        try (TestDatabase database = TestDatabase.of(Database.H2)) {
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            R2dbcStore store = R2dbcStore.create(connections);
            Set<String> callers = ConcurrentHashMap.newKeySet();
            store.migrate()
                    .doFinally(signal -> callers.add(Thread.currentThread().getName()))
                    .block(LIMIT);
            calls(store)
                    .concatMap(call -> call.doFinally(
                            signal -> callers.add(Thread.currentThread().getName())))
                    .blockLast(LIMIT);
            store.close().block(LIMIT);
            assertThat(connections.threads)
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(name).startsWith("reactive-store-h2"));
            // an answer that comes before its call has returned may be given on the calling thread
            String calling = Thread.currentThread().getName();
            assertThat(callers).isNotEmpty().allMatch(name -> name.startsWith("parallel-") || name.equals(calling));
        }
    }

    @Test
    void cancelled_readers_do_not_break_an_h2_file(@TempDir Path folder) {
        String url = "r2dbc:h2:file:///" + folder.resolve("store");
        R2dbcStore store = R2dbcStore.create(url);
        store.migrate().block(LIMIT);
        Payload large = Payload.of(new byte[100_000], "application/octet-stream");
        Flux.range(1, 30)
                .concatMap(step -> store.traces().append(step("a", step).withPayload(large)))
                .blockLast(LIMIT);
        Flux.range(0, 500)
                .flatMap(i -> cutShort(store.traces().load("a").then()), 8)
                .blockLast(LIMIT);
        assertThat(store.traces().append(step("a", 31)).block(LIMIT)).isEqualTo(31);
        assertThat(store.traces().load("a").block(LIMIT))
                .satisfies(trace -> assertThat(trace.envelopes()).hasSize(31));
        store.close().block(LIMIT);

        R2dbcStore again = R2dbcStore.create(url);
        assertThat(again.traces().load("a").block(LIMIT))
                .satisfies(trace -> assertThat(trace.envelopes()).hasSize(31));
        again.close().block(LIMIT);
    }

    @Test
    void blocking_a_thread_of_the_postgresql_driver_is_detected_here() {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().block(LIMIT);
            StepVerifier.create(store.traces().load("unknown").then(Mono.fromRunnable(ThreadsTest::block)))
                    .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(BlockingOperationError.class))
                    .verify(LIMIT);
            store.close().block(LIMIT);
        }
    }

    @Test
    void every_call_runs_from_a_thread_that_must_not_block() {
        for (Database kind : Database.values()) {
            try (TestDatabase database = TestDatabase.of(kind)) {
                R2dbcStore store = database.store(R2dbcConfig.defaults());
                store.migrate().block(LIMIT);
                calls(store)
                        .concatMap(call -> call.subscribeOn(Schedulers.parallel()))
                        .blockLast(LIMIT);
                assertThat(store.traces().load("a").block(LIMIT))
                        .satisfies(trace -> assertThat(trace.position()).isEqualTo(5));
                store.close().subscribeOn(Schedulers.parallel()).block(LIMIT);
            }
        }
    }

    private static Flux<Mono<Void>> calls(ReactiveStore store) {
        PersistenceStore traces = store.traces();
        return Flux.fromIterable(List.of(
                traces.append(step("a", 1)).then(),
                traces.append(step("a", 2)).then(),
                traces.saveIntervention("a", Intervention.of("d-1", "node-3", InterventionAction.SKIP, AT)),
                traces.load("a").then(),
                traces.resume("a", 1).then(),
                traces.complete("a", CompletionState.SUCCESS),
                store.require(Capability.JOURNAL).read("a", 0).then(),
                store.require(Capability.CATALOG).recent(10).then(),
                store.require(Capability.CATALOG).find("a").then()));
    }

    /** The call, cancelled at a random moment. */
    private static Mono<Void> cutShort(Mono<Void> call) {
        Duration moment = Duration.ofNanos(ThreadLocalRandom.current().nextInt(3_000_000));
        return Mono.firstWithSignal(call, Mono.delay(moment).then());
    }

    private static PersistenceEnvelope step(String traceId, long step) {
        return PersistenceEnvelope.of(traceId, "order", step, "node-" + step, Outcome.SUCCESS, AT)
                .withPayload(Payload.json("\"" + step + "\""));
    }

    private static void block() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
