package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.PurgePolicy;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TracePage;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceStats;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.engine.DeadLetterPolicy;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.RetryPolicy;
import io.reactivestore.engine.Workflow;
import io.reactivestore.examples.guide.World.CardDeclined;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Parcel;
import io.reactivestore.examples.guide.World.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class HistoryGuideTest extends Guide {

    @Test
    void finding_traces() {
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step("charge", Receipt.class, () -> payments.charge(o)));
        DurableEngine engine = engine(checkout);
        // guide
        TraceTags tags = TraceTags.NONE.withSource("web").with("customer", "ann");
        Mono<Receipt> receipt = engine.run(checkout, "order-42", order, tags);
        // end
        assertThat(receipt.block()).isEqualTo(new Receipt("42"));
        // guide
        Catalog catalog = store.require(Capability.CATALOG);
        Mono<TraceTags> described = catalog.update("order-42", before -> before.with("channel", "phone"));
        // end
        assertThat(described.block().source()).isEqualTo("web");
        // guide
        TraceQuery ofAnn =
                TraceQuery.of(TraceFilter.ALL.withWorkflows("checkout").withTag("customer", "ann"), 20);
        Mono<TracePage> page = catalog.page(ofAnn);
        Flux<String> lines = catalog.summaries(ofAnn)
                .map(trace ->
                        trace.head().traceId() + " is " + trace.head().status() + ", " + trace.steps() + " steps");
        Mono<TracePage> nextPage =
                page.flatMap(seen -> Mono.justOrEmpty(seen.next())).flatMap(place -> catalog.page(ofAnn.after(place)));
        // end
        assertThat(page.block().total()).isEqualTo(1);
        assertThat(lines.collectList().block()).containsExactly("order-42 is SUCCESS, 2 steps");
        assertThat(nextPage.block()).isNull();
        // guide
        Mono<TraceStats> lastHour =
                catalog.stats(TraceFilter.ALL.withCreated(clock.instant().minus(Duration.ofHours(1)), null));
        Mono<Long> failed = lastHour.map(stats -> stats.count(TraceStatus.FAULT));
        // end
        assertThat(failed.block()).isZero();
        engine.close().block(); // its timers would fire through all of these days
        pass(Duration.ofDays(91));
        // guide
        Flux<Long> purged =
                catalog.purge(PurgePolicy.createdBefore(clock.instant().minus(Duration.ofDays(90)))
                        .withStatuses(TraceStatus.SUCCESS));
        // end
        assertThat(purged.collectList().block()).containsExactly(1L);
        assertThat(catalog.exists("order-42").block()).isFalse();
    }

    @Test
    void dead_letters() {
        // guide
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .deadLetters(DeadLetterPolicy.retryThenSend(RetryPolicy.fixed(2, Duration.ofMinutes(10))))
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step("reserve", Parcel.class, () -> stock.reserve("pen"))
                        .then(ctx.step("charge", Receipt.class, () -> payments.charge(o))));
        // end
        world.next("charge", new CardDeclined(), new CardDeclined(), new CardDeclined(), new CardDeclined());
        DurableEngine engine = engine(checkout);
        engine.start(checkout, "order-42", order).block();
        pass(Duration.ofHours(1));
        engine.start(checkout, "order-43", order).block();
        pass(Duration.ofHours(1));
        // guide
        DeadLetters letters = store.require(Capability.DEAD_LETTERS);
        Flux<String> toLookAt = letters.list(DeadLetterQuery.of(DeadLetterState.PENDING))
                .map(letter -> letter.id() + " ended with " + letter.cause());
        // end
        assertThat(toLookAt.collectList().block())
                .containsExactly("order-43 ended with FAULT", "order-42 ended with FAULT");
        // guide
        Mono<Receipt> again = engine.replay("order-42").flatMap(newId -> engine.result(checkout, newId));
        Mono<DeadLetter> settled = letters.resolve("order-43", "paid in cash", clock.instant());
        // end
        CompletableFuture<Receipt> receipt = again.toFuture();
        pass(Duration.ofMinutes(1));
        assertThat(receipt.join()).isEqualTo(new Receipt("42"));
        assertThat(settled.block().state()).isEqualTo(DeadLetterState.RESOLVED);
        assertThat(world.done).containsExactly("reserve pen", "reserve pen", "charge 42");
    }
}
