package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.webhook.WebhookConfig;
import io.reactivestore.engine.webhook.WebhookDispatcher;
import io.reactivestore.engine.webhook.WebhookEndpoint;
import io.reactivestore.engine.webhook.WebhookSignature;
import io.reactivestore.examples.guide.World.Order;
import io.reactivestore.examples.guide.World.Receipt;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryState;
import io.reactivestore.webhooks.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

class WebhookGuideTest extends Guide {

    private static final Duration HANG = Duration.ofSeconds(60);

    private final String secret = "0123456789abcdef0123456789abcdef";
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Sinks.One<String> told = Sinks.one();

    private boolean receive(HttpHeaders headers, byte[] body) {
        // guide
        boolean genuine = WebhookSignature.isGenuine(
                headers.get(WebhookSignature.HEADER), secret, body, clock.instant(), Duration.ofMinutes(5));
        boolean isNew = genuine && seen.add(headers.get("X-Reactive-Store-Delivery"));
        // end
        if (isNew) {
            told.tryEmitValue(new String(body, StandardCharsets.UTF_8));
        }
        return genuine;
    }

    @Test
    void an_endpoint_is_told_of_the_end() {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asByteArray()
                        .map(body -> receive(request.requestHeaders(), body))
                        .flatMap(genuine ->
                                response.status(genuine ? 204 : 401).send().then()))
                .bindNow(HANG);
        String url = "http://127.0.0.1:" + server.port() + "/ends";
        // guide
        Workflow<Order, Receipt> checkout = Workflow.named("checkout")
                .webhook("billing", CompletionState.SUCCESS, CompletionState.FAULT)
                .input(Order.class)
                .output(Receipt.class)
                .body((ctx, o) -> ctx.step("charge", Receipt.class, () -> payments.charge(o)));
        // end
        WebhookConfig config =
                WebhookConfig.defaults().withPrivateAddresses(true).withClock(clock);
        // guide
        WebhookEndpoint billing = WebhookEndpoint.of("billing", url, secret);
        WebhookDispatcher dispatcher = WebhookDispatcher.start(store, List.of(billing), config);
        // end
        engine(checkout).run(checkout, "order-42", order).block();
        assertThat(told.asMono().block(HANG)).contains("\"trace\":\"order-42\"", "\"state\":\"SUCCESS\"");
        dispatcher.close().block(HANG);
        server.disposeNow(HANG);
        // guide
        Webhooks webhooks = store.require(Capability.WEBHOOKS);
        Flux<Delivery> deliveries = webhooks.ofTrace("order-42");
        Mono<Long> attempts =
                deliveries.concatMap(each -> webhooks.attempts(each.id())).count();
        // end
        assertThat(deliveries.map(Delivery::state).collectList().block()).containsExactly(DeliveryState.DELIVERED);
        assertThat(attempts.block()).isEqualTo(1);
    }
}
