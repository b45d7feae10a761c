package io.reactivestore.examples.guide;

import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EngineBuilder;
import io.reactivestore.engine.Workflow;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.memory.InMemoryBackend;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What every example assumes: a store, an order, the services of a shop, and a time that passes when the test says so. */
abstract class Guide {

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Clock clock = new VirtualClock();
    final InMemoryBackend database = new InMemoryBackend();
    final ReactiveStore store = newProcess();

    final Order order = new Order("42", List.of("pen", "ink"));
    final World world = new World();
    final World.Stock stock = world.new Stock();
    final World.Payments payments = world.new Payments();
    final World.Mail mail = world.new Mail();

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
            return Instant.parse("2030-01-01T00:00:00Z").plusMillis(time.now(TimeUnit.MILLISECONDS));
        }
    }

    /** The same database as another process opens it. */
    final ReactiveStore newProcess() {
        return JournaledStore.over(database, StoreConfig.defaults().withClock(clock));
    }

    final DurableEngine engine(Workflow<?, ?>... workflows) {
        return engine(store, workflows);
    }

    final DurableEngine engine(ReactiveStore process, Workflow<?, ?>... workflows) {
        EngineBuilder parts = DurableEngine.builder(process).scheduler(time).clock(clock);
        for (Workflow<?, ?> workflow : workflows) {
            parts.register(workflow);
        }
        return parts.build();
    }

    final void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }
}
