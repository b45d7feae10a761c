package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.Payload;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.error.CapabilityMissingException;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import io.reactivestore.webhooks.Webhooks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The end of a trace tells those who are to be told. */
class WebhookOfTraceTest {

    private final Lab lab = new Lab();
    private final SideEffects world = new SideEffects();

    private Webhooks webhooks() {
        return lab.newProcess().require(Capability.WEBHOOKS);
    }

    private List<Delivery> deliveries() {
        return Objects.requireNonNull(webhooks().ofTrace("t").collectList().block());
    }

    private void start(WorkflowDefinition definition, String failure) {
        Workflow<String, String> workflow = definition
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> ctx.step(
                        "a",
                        String.class,
                        () -> failure.isEmpty()
                                ? world.does("a", "a\"é")
                                : Mono.error(new IllegalStateException(failure))));
        lab.engine().register(workflow).build().start(workflow, "t", "x").block();
    }

    @Test
    void a_success_is_told_with_its_result() {
        start(Workflow.named("order").version("2").webhook("billing"), "");
        assertThat(deliveries()).hasSize(1).first().satisfies(delivery -> {
            assertThat(delivery.endpoint()).isEqualTo("billing");
            assertThat(delivery.event()).isEqualTo("SUCCESS");
            assertThat(delivery.state()).isEqualTo(DeliveryState.PENDING);
            assertThat(delivery.dueAt()).isEqualTo(Lab.START);
            assertThat(delivery.body().asText())
                    .isEqualTo("{\"at\":\"2030-01-01T00:00:00Z\",\"delivery\":\"" + delivery.id()
                            + "\",\"result\":\"a\\\"é\",\"state\":\"SUCCESS\",\"trace\":\"t\",\"version\":\"2\","
                            + "\"workflow\":\"order\"}");
        });
    }

    @Test
    void a_failure_is_told_with_its_cause_beside_its_dead_letter() {
        start(Workflow.named("order").webhook("billing"), "card declined");
        assertThat(deliveries())
                .extracting(delivery -> delivery.body().asText())
                .singleElement()
                .satisfies(body -> assertThat(body)
                        .contains("\"state\":\"FAULT\"", "\"message\":\"card declined\"")
                        .doesNotContain("result"));
        assertThat(lab.newProcess().require(Capability.DEAD_LETTERS).find("t").block())
                .isNotNull();
    }

    @Test
    void what_is_told_is_kept_as_secret_as_the_journal() {
        Workflow<String, String> workflow = Workflow.named("order")
                .webhook("billing")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> Mono.just("the secret"));
        PayloadTransform sealing = PayloadTransform.encryption(KeyService.of(EncryptionKey.of("k", new byte[32])));
        lab.engine()
                .transform(sealing)
                .register(workflow)
                .build()
                .start(workflow, "t", "x")
                .subscribe();
        Payload kept = deliveries().get(0).body();
        assertThat(kept.mediaType()).isEqualTo("application/vnd.reactivestore.sealed");
        assertThat(Objects.requireNonNull(sealing.read(kept).block()).asText()).contains("\"result\":\"the secret\"");
    }

    @Test
    void each_endpoint_is_told_of_the_ends_that_concern_it() {
        start(
                Workflow.named("order")
                        .webhook("billing", CompletionState.SUCCESS)
                        .webhook("alarm", CompletionState.FAULT, CompletionState.TIMED_OUT)
                        .webhook("audit"),
                "no");
        assertThat(deliveries()).extracting(Delivery::endpoint).containsExactlyInAnyOrder("alarm", "audit");
    }

    @Test
    void a_workflow_that_tells_nobody_writes_nothing() {
        start(Workflow.named("order"), "");
        assertThat(deliveries()).isEmpty();
    }

    @Test
    void a_store_that_keeps_no_deliveries_is_refused_at_once() {
        Workflow<String, String> workflow = Workflow.named("order")
                .webhook("billing")
                .input(String.class)
                .output(String.class)
                .body((ctx, input) -> Mono.just("x"));
        assertThatThrownBy(() -> lab.engine(lab.newProcess(new LetterlessBackend(lab.backend)))
                        .register(workflow)
                        .build())
                .isInstanceOf(CapabilityMissingException.class)
                .hasMessageContaining("WEBHOOKS");
    }

    @Test
    void the_letter_of_a_delivery_is_replayed_by_making_it_due_again() {
        start(Workflow.named("order").webhook("billing"), "");
        Delivery claimed = Objects.requireNonNull(webhooks()
                .claim(List.of("billing"), Lab.START, Lab.START.plusSeconds(60), 1)
                .blockLast());
        webhooks()
                .giveUp(claimed, new DeliveryAttempt(Lab.START, 500, null, Duration.ZERO))
                .block();
        DurableEngine engine = lab.engine().build();
        StepVerifier.create(engine.replay(claimed.id())).expectNext("t").verifyComplete();
        assertThat(deliveries()).extracting(Delivery::state).containsExactly(DeliveryState.PENDING);
        DeadLetters letters = lab.newProcess().require(Capability.DEAD_LETTERS);
        assertThat(Objects.requireNonNull(letters.find(claimed.id()).block()).state())
                .isEqualTo(DeadLetterState.REPLAYED);
    }
}
