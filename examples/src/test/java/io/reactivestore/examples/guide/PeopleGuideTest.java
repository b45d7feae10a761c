package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.InterventionRefusedException;
import io.reactivestore.engine.InterventionTimeoutException;
import io.reactivestore.engine.PayloadCodec;
import io.reactivestore.engine.StepFailedException;
import io.reactivestore.engine.Wait;
import io.reactivestore.engine.Workflow;
import io.reactivestore.examples.guide.World.Approval;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Parcel;
import io.reactivestore.examples.guide.World.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class PeopleGuideTest extends Guide {

    private static final Approval YES = new Approval(true, "ann");

    @Test
    void waiting_for_a_decision() {
        // guide
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.awaitIntervention("approval", Approval.class)
                        .filter(Approval::granted)
                        .flatMap(approval -> ctx.step("charge", Receipt.class, () -> payments.charge(o))));
        // end
        DurableEngine engine = engine(checkout);
        engine.start(checkout, "order-42", order).block();
        pass(Duration.ofDays(3));
        // guide
        Flux<String> toDecide = engine.waits("order-42")
                .filter(wait -> wait.kind() == Wait.Kind.DECISION)
                .map(wait -> wait.node() + " wants a " + wait.type() + " since " + wait.since());

        Mono<Void> decided = engine.intervene(
                "order-42",
                Intervention.of("decision-7", "approval", InterventionAction.SUPPLY, Instant.now())
                        .withPayload(PayloadCodec.json().encode(new Approval(true, "ann"), Approval.class))
                        .withOperator("ann")
                        .withReason("a good customer"));
        // end
        assertThat(toDecide.collectList().block())
                .containsExactly("approval wants a " + Approval.class.getName() + " since 2030-01-01T00:00:00Z");
        decided.block();
        decided.block();
        pass(Duration.ofSeconds(2));
        assertThat(engine.result(checkout, "order-42").block()).isEqualTo(new Receipt("42"));
    }

    @Test
    void several_at_once_for_a_time_with_a_default() {
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> {
                    // guide
                    Mono<Approval> sales = ctx.awaitIntervention("sales", Approval.class);
                    Mono<Approval> legal = ctx.awaitIntervention("legal", Approval.class, Duration.ofDays(2))
                            .onErrorResume(
                                    StepFailedException.class,
                                    late -> late.isA(InterventionTimeoutException.class)
                                            ? ctx.awaitIntervention("head-of-legal", Approval.class)
                                            : Mono.error(late));
                    Mono<Approval> risk = ctx.awaitIntervention(
                            "risk", Approval.class, Duration.ofHours(4), new Approval(true, "nobody"));

                    Mono<Receipt> charged = Mono.zip(sales, legal, risk)
                            .flatMap(all -> ctx.step("charge", Receipt.class, () -> payments.charge(o)));
                    // end
                    return charged;
                });
        DurableEngine engine = engine(checkout);
        engine.start(checkout, "t", order).block();
        pass(Duration.ofDays(3));
        assertThat(engine.waits("t").map(Wait::node).collectList().block()).containsExactly("sales", "head-of-legal");
        decide(engine, "head-of-legal");
        pass(Duration.ofDays(1));
        decide(engine, "sales");
        pass(Duration.ofSeconds(2));
        assertThat(engine.result(checkout, "t").block()).isEqualTo(new Receipt("42"));
    }

    private void decide(DurableEngine engine, String node) {
        engine.intervene(
                        "t",
                        Intervention.of(node, node, InterventionAction.SUPPLY, clock.instant())
                                .withPayload(PayloadCodec.json().encode(YES, Approval.class)))
                .block();
    }

    @Test
    void stepping_in_in_four_ways() {
        // guide
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .nodes("mail")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step(
                                "reserve", Parcel.class, step -> stock.reserve(step.input(String.class, "pen")))
                        .flatMap(parcel -> ctx.awaitIntervention("approval", Approval.class)
                                .onErrorResume(StepFailedException.class, no -> Mono.empty()))
                        .then(ctx.step("mail", Boolean.class, () -> mail.send("on its way")))
                        .then(ctx.step("charge", Receipt.class, () -> payments.charge(o))));
        // end
        DurableEngine engine = engine(checkout);
        String id = "order-42";
        CompletableFuture<Receipt> receipt = engine.run(checkout, id, order).toFuture();
        // guide
        Intervention otherPen = Intervention.of("d-1", "reserve", InterventionAction.SUPPLY, Instant.now())
                .withPayload(PayloadCodec.json().encode(new Parcel("pencil"), Parcel.class));
        Intervention again = Intervention.of("d-2", "reserve", InterventionAction.RERUN, Instant.now())
                .withPayload(PayloadCodec.json().encode("brush", String.class));
        Intervention noMail = Intervention.of("d-3", "mail", InterventionAction.SKIP, Instant.now());
        Intervention refused = Intervention.of("d-4", "approval", InterventionAction.FAIL, Instant.now())
                .withReason("not today");

        Mono<Void> all = Flux.just(otherPen, again, noMail, refused)
                .concatMap(decision -> engine.intervene(id, decision))
                .then();
        // end
        all.block();
        pass(Duration.ofSeconds(2));
        assertThat(receipt.join()).isEqualTo(new Receipt("42"));
        assertThat(world.done).containsExactly("reserve pen", "reserve brush", "charge 42");
    }

    @Test
    void what_makes_no_sense_is_refused() {
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.awaitIntervention("approval", Receipt.class));
        DurableEngine engine = engine(checkout);
        engine.start(checkout, "t", order).block();
        assertThatThrownBy(() -> decide(engine, "aproval")).isInstanceOf(InterventionRefusedException.class);
        assertThat(engine.waits("t").map(Wait::node).collectList().block()).containsExactly("approval");
    }
}
