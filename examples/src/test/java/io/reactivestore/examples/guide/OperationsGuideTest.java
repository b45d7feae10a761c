package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.reactivestore.ReactiveStore;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EngineBuilder;
import io.reactivestore.engine.EngineEvent;
import io.reactivestore.engine.EngineOverloadedException;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.micrometer.EngineMeters;
import io.reactivestore.engine.micrometer.StepObservations;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class OperationsGuideTest extends Guide {

    private final Workflow<Order, Receipt> checkout = Workflow.named("checkout")
            .input(Order.class)
            .output(Receipt.class)
            .body((ctx, o) -> ctx.step("charge", Receipt.class, () -> payments.charge(o)));

    private DurableEngine inTime(EngineBuilder parts) {
        return parts.scheduler(time).clock(clock).build();
    }

    @Test
    void another_engine_takes_over() {
        world.nextHangs("charge");
        ReactiveStore dying = newProcess();
        engine(dying, checkout).start(checkout, "order-42", order).block();
        dying.close().block();
        // guide
        EngineBuilder parts = DurableEngine.builder(store)
                .name("shop-2")
                .register(checkout)
                .heartbeat(Duration.ofSeconds(10))
                .pollInterval(Duration.ofSeconds(1))
                .maxRecoveries(10);
        // end
        DurableEngine engine = inTime(parts);
        CompletableFuture<Receipt> receipt = engine.result(checkout, "order-42").toFuture();
        pass(Duration.ofSeconds(15));
        assertThat(receipt.join()).isEqualTo(new Receipt("42"));
        // guide
        Mono<Void> stopped = engine.close().then(store.close());
        // end
        stopped.block();
    }

    @Test
    void limits() {
        world.nextHangs("charge");
        // guide
        EngineBuilder parts = DurableEngine.builder(store)
                .register(checkout)
                .maxLiveTraces(1)
                .maxWait(Duration.ofSeconds(10))
                .suspendAfter(Duration.ofSeconds(1));
        // end
        DurableEngine engine = inTime(parts);
        engine.start(checkout, "order-42", order).block();
        Mono<Void> second = engine.start(checkout, "order-43", order);
        CompletableFuture<Void> refused = second.toFuture();
        pass(Duration.ofSeconds(11));
        assertThat(refused).isCompletedExceptionally();
        assertThatThrownBy(refused::join).hasCauseInstanceOf(EngineOverloadedException.class);
    }

    @Test
    void context() {
        List<String> tenants = new ArrayList<>();
        Workflow<Order, Receipt> tenant = Workflow.named("tenant")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> {
                    // guide
                    Mono<Receipt> charged = ctx.step(
                            "charge",
                            Receipt.class,
                            () -> Mono.deferContextual(context -> {
                                tenants.add(context.get("tenant"));
                                return payments.charge(o);
                            }));
                    // end
                    return ctx.sleep("night", Duration.ofHours(8)).then(charged);
                });
        ReactiveStore dying = newProcess();
        inTime(DurableEngine.builder(dying).propagate("tenant", String.class).register(tenant))
                .start(tenant, "order-42", order)
                .contextWrite(context -> context.put("tenant", "acme"))
                .block();
        dying.close().block();
        // guide
        EngineBuilder parts = DurableEngine.builder(store).register(tenant).propagate("tenant", String.class);
        // end
        DurableEngine engine = inTime(parts);
        // guide
        Mono<Void> started =
                engine.start(tenant, "order-43", order).contextWrite(context -> context.put("tenant", "emca"));
        // end
        started.block();
        pass(Duration.ofHours(9));
        assertThat(tenants).containsExactlyInAnyOrder("acme", "emca");
    }

    @Test
    void metrics() {
        // guide
        LongAdder done = new LongAdder();
        LongAdder missed = new LongAdder();
        DurableEngine engine = DurableEngine.builder(store)
                .register(checkout)
                .listener(event -> {
                    if (event instanceof EngineEvent.StepRecorded step && !step.replayed()) {
                        done.increment();
                    }
                })
                .build();

        Mono<Void> dashboard = engine.events()
                .doOnNext(event -> {
                    if (event instanceof EngineEvent.Missed gap) {
                        missed.add(gap.count());
                    }
                })
                .then();
        // end
        CompletableFuture<Void> shown = dashboard.toFuture();
        engine.run(checkout, "order-42", order).block();
        engine.close().block();
        assertThat(shown).succeedsWithin(Duration.ofSeconds(20));
        assertThat(done.sum()).isEqualTo(1);
        assertThat(missed.sum()).isZero();
    }

    @Test
    void meters() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        DurableEngine engine = engine(checkout);
        // guide
        new EngineMeters(engine, Tags.of("engine", "shop-2")).bindTo(registry);
        // end
        engine.run(checkout, "order-42", order).block();
        engine.close().block();
        Mono.fromSupplier(() -> registry.find("reactivestore.runs")
                        .tags("workflow", "checkout", "outcome", "SUCCESS", "engine", "shop-2")
                        .timer())
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)))
                .block(Duration.ofSeconds(20));
    }

    @Test
    void observations() {
        List<String> observed = new ArrayList<>();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(context -> observed.add(context.getName()));
        // guide
        EngineBuilder parts =
                DurableEngine.builder(store).register(checkout).around(new StepObservations(observations));
        // end
        inTime(parts).run(checkout, "order-42", order).block();
        assertThat(observed).contains(StepObservations.NAME);
    }
}
