package io.reactivestore.engine;

import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.JournalBackend;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One database, any number of processes, and a time that passes when the test says so. */
final class Lab {

    private static final Duration TICK = Duration.ofSeconds(1);

    static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Clock clock = new VirtualClock();
    final JournalBackend backend;
    private final DyingBackend database;

    Lab() {
        this(new InMemoryBackend());
    }

    /** Over a database that answers when it does: {@link #settle} waits for it. */
    Lab(JournalBackend database) {
        this.database = DyingBackend.of(database);
        this.backend = new PunctualBackend(time, this.database);
    }

    private final class VirtualClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return START.plusMillis(time.now(TimeUnit.MILLISECONDS));
        }
    }

    /** A store as a new process would open it: another writer. */
    ReactiveStore newProcess() {
        return newProcess(backend);
    }

    ReactiveStore newProcess(JournalBackend database) {
        return JournaledStore.over(
                database, StoreConfig.defaults().withClock(clock).withScheduler(time));
    }

    EngineBuilder engine() {
        return engine(newProcess());
    }

    EngineBuilder engine(ReactiveStore store) {
        return DurableEngine.builder(store).scheduler(time).clock(clock).random(() -> 0.5);
    }

    /** Lets time pass, a second after the other, and after each lets the database answer. */
    void passSlowly(Duration duration) {
        settle();
        for (Duration left = duration; !left.isZero(); left = left.minus(least(left, TICK))) {
            time.advanceTimeBy(least(left, TICK));
            settle();
        }
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Waits until the database has answered, and what it answered has had its effect. */
    void settle() {
        while (!database.isIdle()) {
            LockSupport.parkNanos(50_000);
        }
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    PersistedTrace trace(String traceId) {
        return Objects.requireNonNull(newProcess().traces().load(traceId).block());
    }

    List<String> nodes(String traceId) {
        return trace(traceId).envelopes().stream()
                .map(PersistenceEnvelope::nodeId)
                .toList();
    }

    static Workflow<String, String> workflow(String name, BiFunction<WorkflowContext, String, Mono<String>> body) {
        return Workflow.named(name).input(String.class).output(String.class).body(body);
    }
}
