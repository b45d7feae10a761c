package io.reactivestore.engine.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.reactivestore.ReactiveStore;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EngineBuilder;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.WorkflowFailedException;
import io.reactivestore.memory.InMemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The meters say what the engine did, with few tags, and cost it nothing. */
class EngineMetersTest {

    private static final Duration HANG = Duration.ofSeconds(60);

    /** A run of two steps is told in so many events, and so many runs are more than fits a buffer. */
    private static final int EVENTS = 4;

    private static final int MANY = 2_000;

    private final ReactiveStore store = InMemoryStore.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private final Workflow<String, String> sequence = Workflow.named("sequence")
            .input(String.class)
            .output(String.class)
            .body((ctx, input) -> ctx.step("a", String.class, () -> Mono.just(input))
                    .flatMap(a -> ctx.step("b", String.class, () -> Mono.just(a + "b"))));
    private final Workflow<String, String> failing = Workflow.named("failing")
            .input(String.class)
            .output(String.class)
            .body((ctx, input) -> ctx.step("a", String.class, () -> Mono.error(new IllegalStateException("no"))));

    private EngineBuilder engine() {
        return DurableEngine.builder(store).register(sequence).register(failing);
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    /** The events end on another thread, a moment after the engine. */
    private void awaitCount(String name, double wanted, String... tags) {
        Mono.fromSupplier(() -> registry.find(name).tags(tags).counter())
                .filter(counter -> counter.count() >= wanted)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)))
                .block(HANG);
    }

    @Test
    void runs_and_steps_are_counted_by_workflow_and_outcome() {
        DurableEngine engine = engine().build();
        new EngineMeters(engine, Tags.of("engine", "one")).bindTo(registry);
        Flux.range(0, 3).concatMap(i -> engine.run(sequence, "t" + i, "x")).blockLast(HANG);
        StepVerifier.create(engine.run(failing, "f", "x"))
                .expectError(WorkflowFailedException.class)
                .verify(HANG);
        Mono.fromSupplier(() -> registry.find("reactivestore.runs")
                        .tags("outcome", "FAULT")
                        .timer())
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)))
                .block(HANG);

        assertThat(count("reactivestore.runs.started", "workflow", "sequence")).isEqualTo(3);
        assertThat(count("reactivestore.runs.started", "workflow", "failing")).isEqualTo(1);
        assertThat(registry.get("reactivestore.runs")
                        .tags("workflow", "sequence", "outcome", "SUCCESS")
                        .timer()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get("reactivestore.runs")
                        .tags("workflow", "failing", "outcome", "FAULT")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(count("reactivestore.steps", "workflow", "sequence", "outcome", "SUCCESS", "replayed", "false"))
                .isEqualTo(6);
        assertThat(count("reactivestore.steps", "workflow", "failing", "outcome", "FAULT", "engine", "one"))
                .isEqualTo(1);
        assertThat(count("reactivestore.events.missed")).isZero();
        engine.close().block(HANG);
    }

    @Test
    void no_tag_tells_traces_or_steps_apart() {
        DurableEngine engine = engine().build();
        new EngineMeters(engine).bindTo(registry);
        Flux.range(0, 50)
                .concatMap(i -> engine.run(sequence, "trace-" + i, "x"))
                .blockLast(HANG);
        awaitCount("reactivestore.steps", 100, "workflow", "sequence");
        int meters = registry.getMeters().size();
        engine.run(sequence, "another", "x").block(HANG);
        awaitCount("reactivestore.steps", 102, "workflow", "sequence");

        assertThat(registry.getMeters()).hasSize(meters);
        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .flatExtracting(Meter.Id::getTags)
                .extracting(Tag::getKey)
                .isSubsetOf(Set.of("workflow", "outcome", "why", "replayed"));
        engine.close().block(HANG);
    }

    @Test
    void a_trace_that_waits_is_live_and_then_has_left() {
        Workflow<String, String> waiting = Workflow.named("waiting")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.awaitIntervention("approval", String.class));
        DurableEngine engine = DurableEngine.builder(store)
                .register(waiting)
                .suspendAfter(Duration.ofMillis(200))
                .build();
        new EngineMeters(engine).bindTo(registry);
        engine.start(waiting, "t", "x").block(HANG);
        awaitCount("reactivestore.runs.left", 1, "workflow", "waiting", "why", "SUSPENDED");
        assertThat(registry.get("reactivestore.traces.live").gauge().value()).isZero();
        engine.close().block(HANG);
    }

    @Test
    void live_traces_are_seen() {
        Workflow<String, String> hanging = Workflow.named("hanging")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step("a", String.class, Mono::never));
        DurableEngine engine = DurableEngine.builder(store).register(hanging).build();
        new EngineMeters(engine).bindTo(registry);
        engine.start(hanging, "t", "x").then(engine.start(hanging, "u", "x")).block(HANG);
        assertThat(registry.get("reactivestore.traces.live").gauge().value()).isEqualTo(2);
    }

    @Test
    void the_time_of_a_run_is_that_of_its_trace() {
        Instant begun = Instant.parse("2030-01-01T00:00:00Z");
        AtomicReference<Instant> now = new AtomicReference<>(begun);
        Workflow<String, String> slow = Workflow.named("slow")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step("a", String.class, () -> {
                    now.set(begun.plus(Duration.ofDays(2)));
                    return Mono.just(input);
                }));
        DurableEngine engine = DurableEngine.builder(store)
                .clock(new Moved(now))
                .register(slow)
                .build();
        new EngineMeters(engine).bindTo(registry);
        engine.run(slow, "t", "x").block(HANG);
        Mono.fromSupplier(() -> registry.find("reactivestore.runs").timer())
                .filter(timer -> timer.count() == 1)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)))
                .block(HANG);
        assertThat(registry.get("reactivestore.runs").timer().totalTime(TimeUnit.HOURS))
                .isEqualTo(48);
        engine.close().block(HANG);
    }

    @Test
    void a_registry_that_stands_still_does_not_hold_the_engine_up_and_what_it_misses_is_counted() {
        CountDownLatch goOn = new CountDownLatch(1);
        registry.config().onMeterAdded(meter -> {
            if (meter.getId().getName().equals("reactivestore.steps")) {
                await(goOn);
            }
        });
        DurableEngine engine = engine().build();
        new EngineMeters(engine).bindTo(registry);
        LongAdder told = new LongAdder();
        Flux.range(0, MANY)
                .flatMap(i -> engine.run(sequence, "t" + i, "x"))
                .doOnNext(done -> told.increment())
                .blockLast(HANG);
        assertThat(told.sum()).isEqualTo(MANY);
        assertThat(registry.find("reactivestore.runs").timer()).isNull();

        goOn.countDown();
        Mono.fromSupplier(this::accounted)
                .filter(sum -> sum == MANY * EVENTS)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)))
                .block(HANG);
        assertThat(count("reactivestore.events.missed")).isPositive();
        engine.close().block(HANG);
    }

    /** Counted or missed: none may be lost without a trace. */
    private long accounted() {
        double sum = 0;
        for (Meter meter : registry.getMeters()) {
            if (meter instanceof Counter counter) {
                sum += counter.count();
            } else if (meter instanceof Timer timer) {
                sum += timer.count();
            }
        }
        return (long) sum;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A clock that the test moves. */
    private static final class Moved extends Clock {
        private final AtomicReference<Instant> now;

        Moved(AtomicReference<Instant> now) {
            this.now = now;
        }

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
            return now.get();
        }
    }
}
