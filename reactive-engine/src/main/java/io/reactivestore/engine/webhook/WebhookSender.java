package io.reactivestore.engine.webhook;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.reactivestore.Payload;
import io.reactivestore.engine.PayloadTransform;
import io.reactivestore.engine.PayloadTransformException;
import io.reactivestore.webhooks.Delivery;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * One attempt at a delivery: a POST on a connection of its own, never through a proxy, never repeated by itself, never redirected.
 * Of the answer only the status is kept.
 */
final class WebhookSender {

    /** The id of the delivery, the same in all attempts; what is not printable ASCII, and {@code %}, is percent-encoded. */
    static final String DELIVERY = "X-Reactive-Store-Delivery";

    /** How the media types of our own transforms begin. */
    private static final String TRANSFORMED = "application/vnd.reactivestore.";

    static final String EVENT = "X-Reactive-Store-Event";

    /** Whoever answers more than this has answered. */
    private static final long MAX_ANSWER_BYTES = 64 * 1024;

    private static final AddressGuard GUARD = new AddressGuard();

    private final HttpClient client;
    private final Duration timeout;
    private final List<PayloadTransform> transforms;
    private final Clock clock;

    WebhookSender(WebhookConfig config) {
        this.timeout = config.timeout();
        this.transforms = config.transforms();
        this.clock = config.clock();
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
        return plain(delivery.body())
                .flatMap(body -> post(endpoint, delivery, body, now))
                .single()
                .timeout(timeout)
                .flatMap(answer -> judged(endpoint, answer));
    }

    /** What the trace told. Nobody outside can read what a transform made of it. */
    private Mono<Payload> plain(Payload body) {
        Mono<Payload> read = Mono.just(body);
        for (int i = transforms.size() - 1; i >= 0; i--) {
            read = read.flatMap(transforms.get(i)::read);
        }
        return read.filter(plain -> !plain.mediaType().startsWith(TRANSFORMED))
                .switchIfEmpty(Mono.error(() -> new PayloadTransformException(
                        "A body cannot be read. Give the dispatcher the transforms of the engine that wrote it.")));
    }

    private Mono<HttpClientResponse> post(WebhookEndpoint endpoint, Delivery delivery, Payload plain, Instant now) {
        byte[] body = plain.toByteArray();
        String signature = WebhookSignature.of(endpoint.secret(), now, body);
        return client.headers(headers -> headers.set(HttpHeaderNames.USER_AGENT, "reactive-store")
                        .set(HttpHeaderNames.CONTENT_TYPE, plain.mediaType())
                        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                        .set(DELIVERY, printable(delivery.id()))
                        .set(EVENT, printable(delivery.event()))
                        .set(WebhookSignature.HEADER, signature))
                .post()
                .uri(endpoint.uri())
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .response((answer, content) -> ended(content).thenReturn(answer))
                .single();
    }

    private Mono<Integer> judged(WebhookEndpoint endpoint, HttpClientResponse answer) {
        int status = answer.status().code();
        if (status < 100 || status > 999) {
            return Mono.error(new ProtocolException("a status has three digits"));
        }
        if (status >= 200 && status <= 299) {
            return Mono.just(status);
        }
        String header = answer.responseHeaders().get(HttpHeaderNames.RETRY_AFTER);
        return Mono.error(
                new WebhookAnswerException(endpoint.name(), status, RetryAfter.of(status, header, clock.instant())));
    }

    /** Headers keep ASCII only, and lose spaces at their ends: different ids must not arrive as the same. */
    private static String printable(String name) {
        StringBuilder printable = new StringBuilder(name.length());
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b <= '~' && b != '%') {
                printable.append((char) b);
            } else {
                printable.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return printable.toString();
    }

    /** An answer counts when all of it is there, or more than anybody wants to read. */
    private static Mono<Void> ended(ByteBufFlux content) {
        return content.map(ByteBuf::readableBytes)
                .scan(0L, Long::sum)
                .takeUntil(bytes -> bytes > MAX_ANSWER_BYTES)
                .then();
    }
}
