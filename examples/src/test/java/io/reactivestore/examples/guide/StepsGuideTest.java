package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.engine.DuplicateStepException;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.TraceUpdate;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.WorkflowContext;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Parcel;
import io.reactivestore.examples.guide.World.Receipt;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class StepsGuideTest extends Guide {

    @Test
    void a_workflow() {
        // guide
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step("reserve", Parcel.class, () -> stock.reserve("pen"))
                        .flatMap(parcel -> ctx.step("charge", Receipt.class, () -> payments.charge(o)))
                        .flatMap(receipt -> ctx.step("mail", Boolean.class, () -> mail.send("on its way"))
                                .thenReturn(receipt)));

        DurableEngine engine = DurableEngine.builder(store).register(checkout).build();
        Mono<Receipt> receipt = engine.run(checkout, "order-42", order);
        // end
        assertThat(receipt.block()).isEqualTo(new Receipt("42"));
        assertThat(receipt.block()).isEqualTo(new Receipt("42"));
        assertThat(world.done).containsExactly("reserve pen", "charge 42", "mail on its way");
        engine.close().block();
    }

    @Test
    void start_and_ask_later() {
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step("charge", Receipt.class, () -> payments.charge(o)));
        DurableEngine engine = engine(checkout);
        // guide
        Mono<String> accepted = engine.start(checkout, "order-42", order).thenReturn("order-42");
        Mono<Receipt> later = accepted.flatMap(id -> engine.result(checkout, id));
        // end
        assertThat(later.block()).isEqualTo(new Receipt("42"));
    }

    @Test
    void typed_results() {
        Workflow<Order, Integer> typed = Workflow.named("typed")
                .input(Order.class)
                .output(Integer.class)
                .body((ctx, o) -> {
                    // guide
                    Mono<List<Parcel>> list = ctx.step(
                            "reserve-all",
                            new TypeReference<List<Parcel>>() {},
                            () -> Flux.fromIterable(o.items())
                                    .concatMap(stock::reserve)
                                    .collectList());
                    Flux<Parcel> many = ctx.stepMany(
                            "reserve-many",
                            Parcel.class,
                            () -> Flux.fromIterable(o.items()).concatMap(stock::reserve));
                    Mono<Void> nothing = ctx.step(
                            "mail", Void.class, () -> mail.send("on its way").then());
                    // end
                    return list.zipWith(many.count(), (all, count) -> all.size() + count.intValue())
                            .flatMap(sum -> nothing.thenReturn(sum));
                });
        assertThat(engine(typed).run(typed, "t", order).block()).isEqualTo(4);
    }

    @Test
    void an_idempotency_key() {
        Workflow<Order, Receipt> keyed = Workflow.named("keyed")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> {
                    // guide
                    Mono<Receipt> charged =
                            ctx.step("charge", Receipt.class, step -> payments.charge(o, step.idempotencyKey()));
                    // end
                    return charged;
                });
        assertThat(engine(keyed).run(keyed, "t", order).block()).isEqualTo(new Receipt("42"));
    }

    @Test
    void names_are_identity() {
        Workflow<Order, Long> names = Workflow.named("names")
                .input(Order.class)
                .output(Long.class)
                .body((ctx, o) -> {
                    // guide
                    Mono<Long> inALoop = Flux.fromIterable(o.items())
                            .concatMap(item -> ctx.step("reserve", Parcel.class, () -> stock.reserve(item)))
                            .count();

                    WorkflowContext gift = ctx.scope("gift");
                    Mono<Parcel> wrapped = gift.step("reserve", Parcel.class, () -> stock.reserve("ribbon"));
                    // end
                    return inALoop.flatMap(count -> wrapped.thenReturn(count));
                });
        DurableEngine engine = engine(names);
        assertThat(engine.run(names, "t", order).block()).isEqualTo(2);
        assertThat(engine.watch("t")
                        .ofType(TraceUpdate.StepRecorded.class)
                        .map(TraceUpdate.StepRecorded::node)
                        .collectList()
                        .block())
                .containsExactly("reserve", "reserve#2", "gift/reserve");
    }

    @Test
    void two_live_steps_of_one_name_are_refused() {
        Workflow<Order, Long> twins = Workflow.named("twins")
                .input(Order.class)
                .output(Long.class)
                .body((ctx, o) -> Flux.fromIterable(o.items())
                        .flatMap(item -> ctx.step("reserve", Parcel.class, () -> Mono.never()))
                        .count());
        DurableEngine engine = engine(twins);
        assertThatThrownBy(() -> engine.run(twins, "t", order).block()).isInstanceOf(DuplicateStepException.class);
    }

    @Test
    void parallel() {
        Workflow<Order, Long> parallel = Workflow.named("parallel")
                .input(Order.class)
                .output(Long.class)
                .body((ctx, o) -> {
                    // guide
                    Mono<Receipt> both = Mono.zip(
                                    ctx.step("reserve", Parcel.class, () -> stock.reserve("pen")),
                                    ctx.step("charge", Receipt.class, () -> payments.charge(o)))
                            .map(done -> done.getT2());

                    Flux<Parcel> all = ctx.each(
                            "items",
                            o.items(),
                            item -> item,
                            8,
                            (each, item) -> each.step("reserve", Parcel.class, () -> stock.reserve(item))
                                    .flatMap(parcel -> each.step("label", Boolean.class, () -> mail.send(item))
                                            .thenReturn(parcel)));
                    // end
                    return both.thenMany(all).count();
                });
        assertThat(engine(parallel).run(parallel, "t", order).block()).isEqualTo(2);
        assertThat(world.done)
                .containsExactlyInAnyOrder(
                        "reserve pen", "charge 42", "reserve pen", "mail pen", "reserve ink", "mail ink");
    }
}
