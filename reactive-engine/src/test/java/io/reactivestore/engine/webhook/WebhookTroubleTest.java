package io.reactivestore.engine.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Payload;
import io.reactivestore.engine.EncryptionKey;
import io.reactivestore.engine.KeyService;
import io.reactivestore.engine.PayloadTransform;
import io.reactivestore.engine.RetryPolicy;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What an endpoint does harms neither the others nor what is on record of it. */
class WebhookTroubleTest extends DispatcherLab {

    private static final Instant NOW =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3_600);
    private static final Instant SOON = NOW.plusSeconds(90);

    @Test
    void an_endpoint_that_does_not_answer_leaves_room_for_the_others() {
        CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
        String slow = server(response ->
                Mono.fromFuture(mayAnswer, true).then(response.status(200).send()));
        String quick = server(response -> response.status(200).send());
        for (int i = 0; i < 20; i++) {
            send("slow-" + i, "slow");
        }
        send("quick", "quick");
        dispatch(
                List.of(WebhookEndpoint.of("slow", slow, SECRET), WebhookEndpoint.of("quick", quick, SECRET)),
                CONFIG.withMaxAtOnce(4).withMaxPerEndpoint(2));
        awaitState("quick", DeliveryState.DELIVERED);
        assertThat(received)
                .extracting(Received::id)
                .filteredOn(id -> id.startsWith("slow"))
                .hasSizeLessThanOrEqualTo(2);
        mayAnswer.complete(null);
        for (int i = 0; i < 20; i++) {
            awaitState("slow-" + i, DeliveryState.DELIVERED);
        }
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(429, "120", 120),
                Arguments.of(503, "120", 120),
                Arguments.of(503, soon("EEE, dd MMM yyyy HH:mm:ss 'GMT'"), 90),
                Arguments.of(503, soon("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"), 90),
                Arguments.of(429, soon("EEE MMM ppd HH:mm:ss yyyy"), 90),
                Arguments.of(503, "5", 10),
                Arguments.of(503, "Sun, 06 Nov 1994 08:49:37 GMT", 10),
                Arguments.of(503, "99999", 3_600),
                Arguments.of(503, "999999999999999999999999", 3_600),
                Arguments.of(503, "Fri, 31 Dec 9999 23:59:59 GMT", 3_600),
                Arguments.of(503, "-1", 10),
                Arguments.of(503, "soon", 10),
                Arguments.of(503, "", 10),
                Arguments.of(500, "120", 10));
    }

    private static String soon(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                .withZone(ZoneOffset.UTC)
                .format(SOON);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void an_endpoint_may_ask_to_be_left_alone_for_longer_up_to_the_longest_delay(
            int status, String retryAfter, int seconds) {
        dispatch(
                server(response -> response.status(status)
                        .header("Retry-After", retryAfter)
                        .send()),
                CONFIG.withClock(Clock.fixed(NOW, ZoneOffset.UTC))
                        .withRetry(RetryPolicy.fixed(5, Duration.ofSeconds(10)).maxDelay(Duration.ofHours(1))));
        send("d");
        await(() -> delivery("d").attempts() == 1);
        Delivery waiting = delivery("d");
        assertThat(waiting.state()).isEqualTo(DeliveryState.PENDING);
        boolean isDate = seconds == 90;
        assertThat(waiting.dueAt()).isEqualTo(isDate ? SOON : NOW.plusSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"099", "1000", "000", "-1"})
    void an_answer_with_a_status_that_there_cannot_be_is_a_failed_attempt_on_record(String status) {
        dispatch(rudeServer("HTTP/1.1 " + status + " What\r\nContent-Length: 0\r\n\r\n"), CONFIG);
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d")).hasSize(3).extracting(DeliveryAttempt::status).containsOnlyNulls();
    }

    @Test
    void a_policy_that_throws_gives_the_delivery_up() {
        RetryPolicy broken = AT_ONCE.on(error -> {
            throw new IllegalStateException("broken");
        });
        dispatch(server(response -> response.status(500).send()), CONFIG.withRetry(broken));
        send("d");
        awaitState("d", DeliveryState.FAILED);
        assertThat(attempts("d")).extracting(DeliveryAttempt::status).containsExactly(500);
        assertThat(letter("d")).isNotNull();
    }

    @Test
    void what_was_encrypted_arrives_as_the_trace_told_it_and_never_as_it_was_kept() {
        PayloadTransform sealing = PayloadTransform.encryption(KeyService.of(EncryptionKey.of("k", new byte[32])));
        Payload told = Payload.json("{\"amount\":4711}");
        String url = server(response -> response.status(200).send());
        send("unread", "billing", Objects.requireNonNull(sealing.write(told).block(HANG)));
        WebhookDispatcher ignorant = dispatch(url, CONFIG);
        awaitState("unread", DeliveryState.FAILED);
        ignorant.close().block(HANG);
        assertThat(received).isEmpty();
        assertThat(attempts("unread"))
                .allSatisfy(attempt -> assertThat(attempt.error()).contains("PayloadTransformException"));
        webhooks.redeliver("unread", Instant.now()).block(HANG);
        dispatch(url, CONFIG.withTransform(PayloadTransform.compression()).withTransform(sealing));
        awaitState("unread", DeliveryState.DELIVERED);
        Received one = received.element();
        assertThat(one.body()).isEqualTo(told.asText());
        assertThat(one.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(WebhookSignature.isGenuine(
                        one.headers().get(WebhookSignature.HEADER),
                        SECRET,
                        told.toByteArray(),
                        Instant.now(),
                        Duration.ofMinutes(5)))
                .isTrue();
    }

    @Test
    void different_ids_arrive_as_different_ids() {
        List<String> ids = List.of("order 漢", "order 字", " order", "order ", "order", "%20order");
        dispatch(server(response -> response.status(200).send()), CONFIG);
        ids.forEach(this::send);
        ids.forEach(id -> awaitState(id, DeliveryState.DELIVERED));
        assertThat(received)
                .extracting(Received::id)
                .containsExactlyInAnyOrder(
                        "order%20%E6%BC%A2", "order%20%E5%AD%97", "%20order", "order%20", "order", "%2520order");
    }
}
