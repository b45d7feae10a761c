package io.reactivestore.engine.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivestore.Payload;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.engine.EncryptionKey;
import io.reactivestore.engine.KeyService;
import io.reactivestore.engine.PayloadTransform;
import io.reactivestore.engine.PayloadTransformException;
import io.reactivestore.engine.RetryPolicy;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Deliveries reach a real server on this machine, whatever that does. */
class WebhookDispatcherTest extends DispatcherLab {

    @Test
    void a_delivery_arrives_signed_and_is_over() {
        dispatch(server(response -> response.status(204).send()), CONFIG);
        send("d");
        awaitState("d", DeliveryState.DELIVERED);
        assertThat(received).hasSize(1);
        Received one = received.element();
        assertThat(one.body()).isEqualTo("{\"of\":\"d 漢\"}");
        assertThat(one.id()).isEqualTo("d");
        assertThat(one.headers().get("X-Reactive-Store-Event")).isEqualTo("SUCCESS");
        assertThat(one.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(WebhookSignature.isGenuine(
                        one.headers().get(WebhookSignature.HEADER),
                        SECRET,
                        one.body().getBytes(StandardCharsets.UTF_8),
                        Instant.now(),
                        Duration.ofMinutes(5)))
                .isTrue();
        assertThat(attempts("d")).hasSize(1).first().satisfies(attempt -> {
            assertThat(attempt.status()).isEqualTo(204);
            assertThat(attempt.error()).isNull();
        });
    }

    @Test
    void what_an_engine_has_transformed_is_sent_as_it_was_or_not_at_all() {
        PayloadTransform compression = PayloadTransform.compression(0, 1 << 20);
        PayloadTransform encryption =
                PayloadTransform.encryption(KeyService.of(EncryptionKey.of("2026-11", new byte[32])));
        Payload plain = Payload.json("\"" + "x".repeat(500) + "\"");
        String url = server(response -> response.status(200).send());
        WebhookDispatcher without = dispatch(url, CONFIG.withTransform(compression));
        send(
                "d",
                "billing",
                Objects.requireNonNull(
                        compression.write(plain).flatMap(encryption::write).block(HANG)));
        awaitState("d", DeliveryState.FAILED);
        assertThat(received).isEmpty();
        assertThat(attempts("d"))
                .extracting(DeliveryAttempt::error)
                .containsOnly(PayloadTransformException.class.getName());
        without.close().block(HANG);

        dispatch(url, CONFIG.withTransform(compression).withTransform(encryption));
        webhooks.redeliver("d", Instant.now()).block(HANG);
        awaitState("d", DeliveryState.DELIVERED);
        assertThat(received).singleElement().satisfies(one -> {
            assertThat(one.body()).isEqualTo(plain.asText());
            assertThat(one.headers().get("Content-Type")).isEqualTo("application/json");
        });
    }

    @Test
    void an_answer_that_does_not_acknowledge_is_tried_again_and_each_attempt_is_recorded() {
        AtomicInteger calls = new AtomicInteger();
        dispatch(
                server(response ->
                        response.status(calls.incrementAndGet() < 3 ? 500 : 200).send()),
                CONFIG);
        send("d");
        awaitState("d", DeliveryState.DELIVERED);
        assertThat(attempts("d")).extracting(DeliveryAttempt::status).containsExactly(500, 500, 200);
        assertThat(received).extracting(Received::id).containsExactly("d", "d", "d");
        assertThat(letter("d")).isNull();
    }

    @Test
    void after_the_last_attempt_a_dead_letter_tells_of_it_and_it_can_be_made_due_again() {
        AtomicInteger status = new AtomicInteger(503);
        dispatch(server(response -> response.status(status.get()).send()), CONFIG);
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d")).extracting(DeliveryAttempt::status).containsExactly(503, 503, 503);
        DeadLetter letter = Objects.requireNonNull(letter("d"));
        assertThat(letter.cause()).isEqualTo(DeadLetterCause.DELIVERY);
        assertThat(letter.traceId()).isEqualTo("trace of d");
        status.set(200);
        webhooks.redeliver("d", Instant.now()).block(HANG);
        awaitState("d", DeliveryState.DELIVERED);
    }

    @Test
    void what_the_policy_does_not_mean_is_given_up_at_once() {
        RetryPolicy unlessGone =
                AT_ONCE.on(error -> !(error instanceof WebhookAnswerException answer && answer.status() == 410));
        dispatch(server(response -> response.status(410).send()), CONFIG.withRetry(unlessGone));
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d")).hasSize(1);
    }

    @Test
    void a_server_that_refuses_the_connection_is_a_failed_attempt() {
        DisposableServer gone = HttpServer.create().host("127.0.0.1").port(0).bindNow(HANG);
        int port = gone.port();
        gone.disposeNow(HANG);
        dispatch("http://127.0.0.1:" + port, CONFIG);
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d")).hasSize(3).allSatisfy(attempt -> {
            assertThat(attempt.status()).isNull();
            assertThat(attempt.error()).contains("ConnectException");
        });
    }

    @Test
    void a_server_that_does_not_answer_is_given_up() {
        dispatch(server(response -> Mono.never()), CONFIG.withTimeout(Duration.ofMillis(300)));
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d")).hasSize(3).allSatisfy(attempt -> {
            assertThat(attempt.error()).contains("Timeout");
            assertThat(attempt.took()).isGreaterThanOrEqualTo(Duration.ofMillis(299));
        });
        await(() -> open.get() == 0);
    }

    @Test
    void a_server_that_answers_drop_by_drop_is_given_up() {
        Flux<ByteBuf> drops = Flux.interval(Duration.ofMillis(50)).map(n -> Unpooled.wrappedBuffer(new byte[] {'x'}));
        dispatch(
                server(response -> response.send(drops, drop -> true).then()),
                CONFIG.withTimeout(Duration.ofMillis(600)));
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d"))
                .allSatisfy(attempt -> assertThat(attempt.error()).contains("Timeout"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 20",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
            })
    void a_server_that_hangs_up_in_the_middle_of_its_answer_has_not_acknowledged(String words) {
        dispatch(rudeServer(words), CONFIG);
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d")).hasSize(3).allSatisfy(attempt -> {
            assertThat(attempt.status()).isNull();
            assertThat(attempt.error()).isNotNull();
        });
    }

    @Test
    void a_redirect_is_not_followed() {
        AtomicInteger lured = new AtomicInteger();
        String elsewhere = server(response -> {
            lured.incrementAndGet();
            return response.status(200).send();
        });
        dispatch(
                server(response ->
                        response.status(307).header("Location", elsewhere).send()),
                CONFIG);
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d")).extracting(DeliveryAttempt::status).containsExactly(307, 307, 307);
        assertThat(lured).hasValue(0);
    }

    @Test
    void a_huge_answer_is_not_read_to_its_end() {
        byte[] chunk = new byte[16 * 1024];
        AtomicInteger sent = new AtomicInteger();
        Flux<byte[]> endless = Flux.generate(sink -> {
            sent.incrementAndGet();
            sink.next(chunk);
        });
        dispatch(server(response -> response.sendByteArray(endless).then()), CONFIG);
        send("d");
        awaitState("d", DeliveryState.DELIVERED);
        assertThat(attempts("d")).extracting(DeliveryAttempt::status).containsExactly(200);
        await(() -> open.get() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"})
    void an_address_that_is_not_public_is_not_connected_to(String host) {
        String url = server(response -> response.status(200).send()).replace("127.0.0.1", host);
        dispatch(url, CONFIG.withPrivateAddresses(false));
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(received).isEmpty();
        assertThat(attempts("d")).allSatisfy(attempt -> {
            assertThat(attempt.status()).isNull();
            assertThat(attempt.error()).contains("AddressRefused");
        });
    }

    @Test
    void what_a_dispatcher_died_over_is_sent_by_another_with_the_same_id() {
        send("d");
        Instant now = Instant.now();
        webhooks.claim(List.of("billing"), now, now.plusSeconds(60), 1).blockLast(HANG);
        dispatch(server(response -> response.status(200).send()), CONFIG);
        send("unrelated");
        awaitState("unrelated", DeliveryState.DELIVERED);
        assertThat(delivery("d").state()).isEqualTo(DeliveryState.PENDING);
        dispatch(
                server(response -> response.status(200).send()),
                CONFIG.withClock(Clock.fixed(now.plusSeconds(61), ZoneOffset.UTC)));
        awaitState("d", DeliveryState.DELIVERED);
        assertThat(received).extracting(Received::id).containsExactly("unrelated", "d");
    }

    @Test
    void several_dispatchers_share_the_work_and_each_delivery_arrives_once() {
        String url = server(response -> response.status(200).send());
        for (int i = 0; i < 200; i++) {
            send("d-" + i);
        }
        for (int i = 0; i < 3; i++) {
            dispatch(url, CONFIG.withMaxAtOnce(5));
        }
        await(() -> Objects.requireNonNull(webhooks.counts().block(HANG)).get(DeliveryState.DELIVERED) == 200);
        assertThat(received).hasSize(200).extracting(Received::id).doesNotHaveDuplicates();
    }

    @Test
    void no_more_are_under_way_than_allowed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        String url = server(response -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            return Mono.delay(Duration.ofMillis(20))
                    .doOnNext(passed -> now.decrementAndGet())
                    .then(response.status(200).send());
        });
        for (int i = 0; i < 40; i++) {
            send("d-" + i);
        }
        dispatch(url, CONFIG.withMaxAtOnce(3));
        await(() -> Objects.requireNonNull(webhooks.counts().block(HANG)).get(DeliveryState.DELIVERED) == 40);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void a_stop_waits_for_what_is_under_way_and_leaves_the_rest() {
        CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
        WebhookDispatcher dispatcher = dispatch(
                server(response -> Mono.fromFuture(mayAnswer, true)
                        .then(response.status(200).send())),
                CONFIG.withMaxAtOnce(1));
        send("first");
        await(() -> received.size() == 1);
        send("second");
        var closed = dispatcher.close().toFuture();
        assertThat(closed).isNotDone();
        mayAnswer.complete(null);
        Mono.fromFuture(closed).block(HANG);
        assertThat(delivery("first").state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery("second").state()).isEqualTo(DeliveryState.PENDING);
        assertThat(received).hasSize(1);
    }

    @Test
    void two_endpoints_of_one_name_are_refused() {
        WebhookEndpoint one = WebhookEndpoint.of("billing", "https://a.example.com", SECRET);
        WebhookEndpoint another = WebhookEndpoint.of("billing", "https://b.example.com", SECRET);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookDispatcher.start(store, List.of(one, another), CONFIG));
    }
}
