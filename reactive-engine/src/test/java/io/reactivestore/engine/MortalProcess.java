package io.reactivestore.engine;

import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A process with an engine, whose time passes when the test says so, and stands still when it is dead. */
final class MortalProcess {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Instant startedAt;
    private final DyingBackend database;
    private final List<Workflow<String, String>> workflows;
    private final DurableEngine engine;

    private final class OwnClock extends Clock {
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
            return startedAt.plusMillis(time.now(TimeUnit.MILLISECONDS));
        }
    }

    MortalProcess(
            DyingBackend database,
            Instant startedAt,
            Function<VirtualTimeScheduler, List<Workflow<String, String>>> workflows,
            UnaryOperator<EngineBuilder> more) {
        this.database = database;
        this.startedAt = startedAt;
        Clock clock = new OwnClock();
        EngineBuilder builder = DurableEngine.builder(
                        JournaledStore.over(database, StoreConfig.defaults().withClock(clock)))
                .scheduler(time)
                .clock(clock)
                .random(() -> 0)
                .heartbeat(Duration.ofSeconds(10))
                .pollInterval(Duration.ofSeconds(5));
        this.workflows = workflows.apply(time);
        this.workflows.forEach(builder::register);
        this.engine = more.apply(builder).build();
    }

    /** As a client that does not wait. */
    void start(String traceId) {
        engine.start(workflows.get(0), traceId, "x").subscribe(nothing -> {}, error -> {});
        settle();
    }

    /** As an operator who does not wait. */
    void replay(String deadLetterId) {
        engine.replay(deadLetterId).subscribe(replay -> {}, error -> {});
        settle();
    }

    void die() {
        database.die();
    }

    boolean isDead() {
        return database.isDead();
    }

    int calls() {
        return database.calls();
    }

    Instant now() {
        return startedAt.plusMillis(time.now(TimeUnit.MILLISECONDS));
    }

    /** Lets time pass, once the database has answered and what it answered has had its effect. */
    void live(Duration duration) {
        settle();
        if (!isDead()) {
            time.advanceTimeBy(duration);
            settle();
        }
    }

    void settle() {
        while (!database.isIdle()) {
            LockSupport.parkNanos(50_000);
        }
    }
}
