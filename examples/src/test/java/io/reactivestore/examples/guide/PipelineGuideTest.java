package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.PayloadCodec;
import io.reactivestore.engine.Pipeline;
import io.reactivestore.engine.RetryPolicy;
import io.reactivestore.engine.Workflow;
import io.reactivestore.examples.guide.World.Approval;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Parcel;
import io.reactivestore.examples.guide.World.Receipt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PipelineGuideTest extends Guide {

    @Test
    void a_pipeline() {
        // guide
        Pipeline<Order, Receipt> chain = Pipeline.named("checkout", Order.class)
                .thenWithRetry(
                        "reserve", Parcel.class, RetryPolicy.fixed(3, Duration.ofSeconds(1)), o -> stock.reserve("pen"))
                .await("approval", Approval.class, (parcel, approval) -> parcel)
                .then("charge", Receipt.class, parcel -> payments.charge(order));
        Workflow<Order, Receipt> checkout = chain.build();
        String drawing = chain.graph().toMermaid();
        // end
        assertThat(drawing).contains("reserve", "approval", "charge");
        DurableEngine engine = engine(checkout);
        engine.start(checkout, "t", order).block();
        engine.intervene(
                        "t",
                        Intervention.of("yes", "approval", InterventionAction.SUPPLY, clock.instant())
                                .withPayload(PayloadCodec.json().encode(new Approval(true, "ann"), Approval.class)))
                .block();
        pass(Duration.ofSeconds(2));
        assertThat(engine.result(checkout, "t").block()).isEqualTo(new Receipt("42"));
        assertThat(engine.graph("t").block()).isEqualTo(chain.graph());
    }
}
