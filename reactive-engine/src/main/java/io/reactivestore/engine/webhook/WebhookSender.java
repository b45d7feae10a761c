package io.reactivestore.engine.webhook;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.reactivestore.webhooks.Delivery;
import java.time.Duration;
import java.time.Instant;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * One attempt at a delivery: a POST on a connection of its own, never through a proxy, never repeated by itself, never redirected.
 * Of the answer only the status is kept.
 */
final class WebhookSender {

    /** The id of the delivery, the same in all attempts. */
    static final String DELIVERY = "X-Reactive-Store-Delivery";

    static final String EVENT = "X-Reactive-Store-Event";

    /** Whoever answers more than this has answered. */
    private static final long MAX_ANSWER_BYTES = 64 * 1024;

    private static final AddressGuard GUARD = new AddressGuard();

    private final HttpClient client;
    private final Duration timeout;

    WebhookSender(WebhookConfig config) {
        this.timeout = config.timeout();
        HttpClient plain = HttpClient.create(ConnectionProvider.newConnection())
                .noProxy()
                .followRedirect(false)
                .disableRetry(true)
                .keepAlive(false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()));
        this.client = config.allowsPrivateAddresses()
                ? plain
                : plain.doOnChannelInit(
                        (observer, channel, remote) -> channel.pipeline().addFirst(GUARD));
    }

    /** Emits the status of an answer that acknowledges; signals {@link WebhookAnswerException} for another. */
    Mono<Integer> send(WebhookEndpoint endpoint, Delivery delivery, Instant now) {
        return Mono.defer(() -> {
            byte[] body = delivery.body().toByteArray();
            String signature = WebhookSignature.of(endpoint.secret(), now, body);
            return client.headers(headers -> headers.set(HttpHeaderNames.USER_AGENT, "reactive-store")
                            .set(HttpHeaderNames.CONTENT_TYPE, delivery.body().mediaType())
                            .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                            .set(DELIVERY, delivery.id())
                            .set(EVENT, delivery.event())
                            .set(WebhookSignature.HEADER, signature))
                    .post()
                    .uri(endpoint.uri())
                    .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                    .response((answer, content) ->
                            ended(content).thenReturn(answer.status().code()))
                    .single()
                    .timeout(timeout)
                    .map(status -> {
                        if (status < 200 || status > 299) {
                            throw new WebhookAnswerException(endpoint.name(), status);
                        }
                        return status;
                    });
        });
    }

    /** An answer counts when all of it is there, or more than anybody wants to read. */
    private static Mono<Void> ended(ByteBufFlux content) {
        return content.map(ByteBuf::readableBytes)
                .scan(0L, Long::sum)
                .takeUntil(bytes -> bytes > MAX_ANSWER_BYTES)
                .then();
    }
}
