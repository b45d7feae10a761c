package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.engine.CheckpointPolicy;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.TraceUpdate;
import io.reactivestore.engine.Workflow;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Parcel;
import io.reactivestore.examples.guide.World.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class TimeGuideTest extends Guide {

    @Test
    void time_and_chance_are_recorded() {
        // guide
        Workflow<Order, String> reminder = Workflow.named("reminder")
                .input(Order.class)
                .output(String.class)
                .body((ctx, o) -> ctx.sleep("a-day", Duration.ofDays(1))
                        .then(Mono.zip(ctx.now(), ctx.uuid(), ctx.random()))
                        .map(drawn -> describe(drawn.getT1(), drawn.getT2(), drawn.getT3())));
        // end
        CompletableFuture<String> result =
                engine(reminder).run(reminder, "t", order).toFuture();
        pass(Duration.ofDays(1).plusSeconds(2));
        assertThat(result).isCompletedWithValueMatching(text -> text.startsWith("2030-01-02T00:00:0"));
    }

    private static String describe(Instant at, UUID id, double draw) {
        return at + " " + id + " " + draw;
    }

    @Test
    void children() {
        Workflow<String, Receipt> item = Workflow.named("item")
                .input(String.class)
                .output(Receipt.class)
                .body((ctx, name) -> ctx.step("reserve", Parcel.class, () -> stock.reserve(name))
                        .map(parcel -> new Receipt(parcel.item())));
        // guide
        Workflow<Order, Long> basket = Workflow.named("basket")
                .input(Order.class)
                .output(Long.class)
                .body((ctx, o) -> ctx.each("items", o.items(), i -> i, 8, (each, i) -> each.child("item", item, i))
                        .count());
        // end
        DurableEngine engine = engine(basket, item);
        CompletableFuture<Long> result = engine.run(basket, "t", order).toFuture();
        pass(Duration.ofSeconds(2));
        assertThat(result.join()).isEqualTo(2L);
        assertThat(engine.result(item, "t/items/pen/item").block()).isEqualTo(new Receipt("pen"));
    }

    @Test
    void progress_and_watch() {
        // guide
        Workflow<Order, Long> packing = Workflow.named("packing")
                .input(Order.class)
                .output(Long.class)
                .body((ctx, o) -> Flux.fromIterable(o.items())
                        .concatMap(item -> ctx.step("reserve", Parcel.class, () -> stock.reserve(item))
                                .then(ctx.emit("packed", item)))
                        .then(Mono.just(2L)));
        // end
        VirtualTimeScheduler.set(time);
        try {
            DurableEngine engine = engine(packing);
            engine.start(packing, "order-42", order).block();
            // guide
            Flux<String> packed = engine.watch("order-42")
                    .ofType(TraceUpdate.Progress.class)
                    .filter(progress -> progress.name().equals("packed"))
                    .mapNotNull(progress -> progress.value().as(String.class));

            Flux<TraceUpdate> afterReconnect = engine.watch("order-42", 3);
            // end
            assertThat(packed.collectList().block()).containsExactly("pen", "ink");
            assertThat(afterReconnect.map(TraceUpdate::position).collectList().block())
                    .containsExactly(4L, 5L, 6L);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void rewind_and_fork() {
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step("reserve", Parcel.class, () -> stock.reserve("pen"))
                        .flatMap(parcel -> ctx.step("charge", Receipt.class, () -> payments.charge(o)))
                        .flatMap(
                                receipt -> ctx.sleep("hold", Duration.ofDays(1)).thenReturn(receipt)));
        DurableEngine engine = engine(checkout);
        engine.start(checkout, "order-42", order).block();
        // guide
        Mono<Receipt> behindReserve = engine.resume(checkout, "order-42", 1);
        Mono<Receipt> whatIf =
                engine.fork("order-42", 1, "order-42-what-if").then(engine.result(checkout, "order-42-what-if"));
        // end
        CompletableFuture<Receipt> rewound = behindReserve.toFuture();
        CompletableFuture<Receipt> forked = whatIf.toFuture();
        pass(Duration.ofDays(1).plusSeconds(2));
        assertThat(rewound.join()).isEqualTo(new Receipt("42"));
        assertThat(forked.join()).isEqualTo(new Receipt("42"));
        assertThat(world.done).containsExactly("reserve pen", "charge 42", "charge 42", "charge 42");
    }

    @Test
    void checkpoints() {
        // guide
        Workflow<Integer, Long> load = Workflow.named("load")
                .checkpoints(CheckpointPolicy.every(100))
                .input(Integer.class)
                .output(Long.class)
                .body((ctx, rows) -> Flux.range(0, rows)
                        .concatMap(row -> ctx.step("row", Integer.class, () -> Mono.just(row)))
                        .count());
        // end
        assertThat(engine(load).run(load, "t", 1_000).block()).isEqualTo(1_000);
    }
}
