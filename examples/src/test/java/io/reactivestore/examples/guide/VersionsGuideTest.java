package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.engine.ChangePolicy;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Migration;
import io.reactivestore.engine.MigrationPlan;
import io.reactivestore.engine.PayloadCodec;
import io.reactivestore.engine.RecordedJournal;
import io.reactivestore.engine.Replay;
import io.reactivestore.engine.ReplayReport;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.WorkflowDefinition;
import io.reactivestore.examples.guide.World.Approval;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Parcel;
import io.reactivestore.examples.guide.World.Receipt;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A trace was started with version 1 and waits for its approval when the code changes. */
class VersionsGuideTest extends Guide {

    private Workflow<Order, Receipt> first(WorkflowDefinition definition) {
        return definition
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step("reserve", Parcel.class, () -> stock.reserve("pen"))
                        .flatMap(parcel -> ctx.awaitIntervention("approval", Approval.class))
                        .flatMap(approval -> ctx.step("charge", Receipt.class, () -> payments.charge(o))));
    }

    @BeforeEach
    void a_trace_waits() {
        Workflow<Order, Receipt> one = first(Workflow.named("checkout"));
        DurableEngine engine = engine(one);
        engine.start(one, "order-42", order).block();
        pass(Duration.ofSeconds(5));
        engine.close().block();
    }

    private void approve(DurableEngine engine) {
        engine.intervene(
                        "order-42",
                        Intervention.of("yes", "approval", InterventionAction.SUPPLY, clock.instant())
                                .withPayload(PayloadCodec.json().encode(new Approval(true, "ann"), Approval.class)))
                .block();
        pass(Duration.ofSeconds(5));
    }

    @Test
    void going_on_with_the_code_at_hand() {
        // guide
        WorkflowDefinition next = Workflow.named("checkout").version("2").onChange(ChangePolicy.CONTINUE);
        // end
        Workflow<Order, Receipt> two = first(next);
        DurableEngine engine = engine(two);
        approve(engine);
        assertThat(world.done).containsExactly("reserve pen", "charge 42");
    }

    @Test
    void migration() {
        // guide
        Migration toTwo =
                Migration.between("1", "2").rename("reserve", "stock/reserve").supply("points", Integer.class, 0);
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .version("2")
                .migration(toTwo)
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.scope("stock")
                        .step("reserve", Parcel.class, () -> stock.reserve("pen"))
                        .then(ctx.step(
                                "points",
                                Integer.class,
                                () -> Mono.just(o.items().size())))
                        .then(ctx.awaitIntervention("approval", Approval.class))
                        .then(ctx.step("charge", Receipt.class, () -> payments.charge(o))));
        // end
        DurableEngine engine = engine(checkout);
        // guide
        Mono<MigrationPlan> dryRun = engine.migration("order-42");

        Mono<ReplayReport> report = RecordedJournal.of(store.require(Capability.JOURNAL), "order-42")
                .flatMap(recorded -> Replay.of(checkout).run(recorded));
        // end
        assertThat(dryRun.block().toString()).contains("stock/reserve", "points");
        assertThat(report.block().isSame()).as(() -> report.block().toString()).isTrue();
        approve(engine);
        assertThat(engine.result(checkout, "order-42").block()).isEqualTo(new Receipt("42"));
        assertThat(world.done).containsExactly("reserve pen", "charge 42");
    }
}
