package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.ReactiveStore;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.OnFailure;
import io.reactivestore.engine.RetryPolicy;
import io.reactivestore.engine.StepFailedException;
import io.reactivestore.engine.StepOptions;
import io.reactivestore.engine.StepPolicy;
import io.reactivestore.engine.TraceUpdate;
import io.reactivestore.engine.Wait;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.WorkflowContext;
import io.reactivestore.examples.guide.World.CardDeclined;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Parcel;
import io.reactivestore.examples.guide.World.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class FailuresGuideTest extends Guide {

    private Workflow<Order, Receipt> checkout(BiFunction<WorkflowContext, Order, Mono<Receipt>> body) {
        return Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body(body);
    }

    @Test
    void retries_and_a_timeout() {
        Workflow<Order, Receipt> checkout = checkout((ctx, o) -> {
            // guide
            StepOptions<Receipt> charge = StepOptions.of("charge", Receipt.class)
                    .retry(RetryPolicy.exponential(5, Duration.ofMillis(200))
                            .maxDelay(Duration.ofMinutes(5))
                            .jitter(0.5)
                            .on(error -> !(error instanceof CardDeclined)))
                    .timeout(Duration.ofSeconds(10));
            Mono<Receipt> receipt = ctx.step(charge, step -> payments.charge(o, step.idempotencyKey()));
            // end
            return receipt;
        });
        world.next("charge", new IOException("no route"));
        world.nextHangs("charge");
        CompletableFuture<Receipt> receipt =
                engine(checkout).run(checkout, "t", order).toFuture();
        assertThat(receipt).isNotDone();
        pass(Duration.ofSeconds(12));
        assertThat(receipt.join()).isEqualTo(new Receipt("42"));
    }

    @Test
    void a_result_that_counts_as_a_failure() {
        // guide
        StepOptions<String> settled = StepOptions.of("settled", String.class)
                .failOn(status -> !status.equals("SETTLED"))
                .retry(RetryPolicy.fixed(100, Duration.ofMinutes(10)));
        // end
        Workflow<Order, Receipt> checkout = checkout((ctx, o) -> ctx.step(
                        settled, step -> step.attempt() < 3 ? Mono.just("OPEN") : payments.status(o))
                .map(Receipt::new));
        CompletableFuture<Receipt> receipt =
                engine(checkout).run(checkout, "t", order).toFuture();
        pass(Duration.ofMinutes(21));
        assertThat(receipt.join()).isEqualTo(new Receipt("SETTLED"));
    }

    @Test
    void a_fallback() {
        // guide
        StepOptions<Receipt> charge = StepOptions.of("charge", Receipt.class)
                .retry(RetryPolicy.fixed(2, Duration.ofSeconds(1)))
                .fallback(failure -> payments.invoice(order));
        // end
        Workflow<Order, Receipt> checkout = checkout((ctx, o) -> ctx.step(charge, step -> payments.charge(o)));
        world.next("charge", new IOException(), new IOException());
        CompletableFuture<Receipt> receipt =
                engine(checkout).run(checkout, "t", order).toFuture();
        pass(Duration.ofSeconds(2));
        assertThat(receipt.join()).isEqualTo(new Receipt("invoice for 42"));
    }

    @Test
    void an_error_that_the_code_handles() {
        Workflow<Order, Receipt> checkout = checkout((ctx, o) -> {
            // guide
            Mono<Receipt> receipt = ctx.step("charge", Receipt.class, () -> payments.charge(o))
                    .onErrorResume(
                            StepFailedException.class,
                            error -> error.isA(CardDeclined.class)
                                    ? ctx.step("invoice", Receipt.class, () -> payments.invoice(o))
                                    : Mono.error(error));
            // end
            return receipt;
        });
        world.next("charge", new CardDeclined());
        assertThat(engine(checkout).run(checkout, "t", order).block()).isEqualTo(new Receipt("invoice for 42"));
    }

    @Test
    void skip_or_halt() {
        // guide
        StepOptions<Boolean> survey = StepOptions.of("survey", Boolean.class).onFailure(OnFailure.SKIP);
        StepOptions<Receipt> charge = StepOptions.of("charge", Receipt.class).onFailure(OnFailure.HALT);
        // end
        Workflow<Order, Receipt> checkout = checkout((ctx, o) ->
                ctx.step(survey, step -> mail.send("happy?")).then(ctx.step(charge, step -> payments.charge(o))));
        world.next("mail", new IOException());
        world.next("charge", new IOException());
        DurableEngine engine = engine(checkout);
        CompletableFuture<Receipt> receipt = engine.run(checkout, "t", order).toFuture();
        pass(Duration.ofHours(1));
        assertThat(engine.waits("t").map(Wait::node).collectList().block()).containsExactly("charge");
        engine.intervene("t", Intervention.of("again", "charge", InterventionAction.RERUN, clock.instant()))
                .block();
        pass(Duration.ofSeconds(2));
        assertThat(receipt.join()).isEqualTo(new Receipt("42"));
    }

    @Test
    void policies_of_a_workflow() {
        // guide
        StepPolicy remote = StepPolicy.defaults()
                .withRetry(RetryPolicy.exponential(5, Duration.ofMillis(200)))
                .withTimeout(Duration.ofSeconds(10));
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .policy("payments/*", remote)
                .policy(StepPolicy.defaults().withTimeout(Duration.ofSeconds(2)))
                .deadline(Duration.ofDays(7))
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.scope("payments").step("charge", Receipt.class, () -> payments.charge(o)));
        // end
        world.next("charge", new IOException(), new IOException());
        CompletableFuture<Receipt> receipt =
                engine(checkout).run(checkout, "t", order).toFuture();
        pass(Duration.ofSeconds(2));
        assertThat(receipt.join()).isEqualTo(new Receipt("42"));
    }

    @Test
    void at_most_once() {
        // guide
        StepOptions<Receipt> charge = StepOptions.of("charge", Receipt.class).atMostOnce();
        // end
        Workflow<Order, Receipt> checkout = checkout((ctx, o) -> ctx.step(charge, step -> payments.charge(o)));
        world.nextHangs("charge");
        ReactiveStore dying = newProcess();
        engine(dying, checkout).start(checkout, "t", order).block();
        dying.close().block();

        DurableEngine engine = engine(checkout);
        pass(Duration.ofMinutes(1));
        assertThat(engine.waits("t").map(Wait::kind).collectList().block()).containsExactly(Wait.Kind.IN_DOUBT);
        assertThat(world.done).isEmpty();
        // guide
        Mono<Void> itWasNotCharged = engine.intervene(
                "t",
                Intervention.of("look-1", "charge", InterventionAction.RERUN, clock.instant())
                        .withOperator("ann")
                        .withReason("the bank knows nothing of it"));
        // end
        itWasNotCharged.block();
        pass(Duration.ofSeconds(2));
        assertThat(engine.result(checkout, "t").block()).isEqualTo(new Receipt("42"));
        assertThat(world.done).containsExactly("charge 42");
    }

    @Test
    void compensation() {
        // guide
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .compensationPolicy(StepPolicy.defaults().withRetry(RetryPolicy.fixed(10, Duration.ofMinutes(1))))
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step(
                                StepOptions.of("reserve", Parcel.class).compensate(parcel -> stock.release(parcel)),
                                step -> stock.reserve("pen"))
                        .flatMap(parcel -> ctx.step(
                                StepOptions.of("charge", Receipt.class).compensate(receipt -> payments.refund(receipt)),
                                step -> payments.charge(o)))
                        .flatMap(receipt -> ctx.step("mail", Boolean.class, () -> mail.send("on its way"))
                                .thenReturn(receipt)));
        // end
        world.next("mail", new IOException("no such address"));
        world.next("refund", new IOException("try later"));
        DurableEngine engine = engine(checkout);
        engine.start(checkout, "t", order).block();
        pass(Duration.ofMinutes(2));
        assertThat(world.done).containsExactly("reserve pen", "charge 42", "refund 42", "release pen");
        assertThat(engine.watch("t")
                        .ofType(TraceUpdate.Ended.class)
                        .map(ended -> ended.end().state())
                        .blockLast())
                .isEqualTo(CompletionState.COMPENSATED);
    }

    @Test
    void cancel() {
        Workflow<Order, Receipt> checkout = checkout((ctx, o) -> ctx.awaitIntervention("release", Receipt.class));
        DurableEngine engine = engine(checkout);
        engine.start(checkout, "order-42", order).block();
        // guide
        Mono<Void> cancelled = engine.cancel("order-42", "the customer changed her mind");
        // end
        cancelled.block();
        pass(Duration.ofSeconds(2));
        assertThat(engine.watch("order-42")
                        .ofType(TraceUpdate.Ended.class)
                        .map(ended -> ended.end().state())
                        .blockLast())
                .isEqualTo(CompletionState.CANCELLED);
    }
}
