package io.reactivestore.engine.webhook;

import io.netty.handler.codec.http.HttpHeaders;
import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.engine.RetryPolicy;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import io.reactivestore.webhooks.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableChannel;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.tcp.TcpServer;

/** A dispatcher, a store and servers on this machine. */
abstract class DispatcherLab {

    static final Duration HANG = Duration.ofSeconds(60);
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final RetryPolicy AT_ONCE = RetryPolicy.fixed(3, Duration.ZERO);
    static final WebhookConfig CONFIG = WebhookConfig.defaults()
            .withPrivateAddresses(true)
            .withRetry(AT_ONCE)
            .withTimeout(Duration.ofSeconds(20))
            .withPollInterval(Duration.ofMillis(20));

    /** What the server got. */
    record Received(HttpHeaders headers, String body) {
        String id() {
            return headers.get("X-Reactive-Store-Delivery");
        }
    }

    interface Answer {
        Mono<Void> to(HttpServerResponse response);
    }

    final InMemoryBackend backend = new InMemoryBackend();
    final ReactiveStore store = JournaledStore.over(backend, StoreConfig.defaults());
    final Webhooks webhooks = store.require(Capability.WEBHOOKS);
    /** How many connections servers have. */
    final AtomicInteger open = new AtomicInteger();

    final Queue<Received> received = new ConcurrentLinkedQueue<>();
    final List<DisposableChannel> servers = new ArrayList<>();
    final List<WebhookDispatcher> dispatchers = new ArrayList<>();

    @AfterEach
    void stop() {
        Flux.fromIterable(dispatchers).flatMap(WebhookDispatcher::close).blockLast(HANG);
        servers.forEach(server -> server.disposeNow(HANG));
    }

    String server(Answer answer) {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnConnection(connection -> {
                    open.incrementAndGet();
                    connection.onDispose(open::decrementAndGet);
                })
                .handle((request, response) -> receive(request).then(Mono.defer(() -> answer.to(response))))
                .bindNow(HANG);
        servers.add(server);
        return "http://127.0.0.1:" + server.port() + "/hook";
    }

    Mono<Void> receive(HttpServerRequest request) {
        return request.receive()
                .aggregate()
                .asString()
                .defaultIfEmpty("")
                .doOnNext(body ->
                        received.add(new Received(request.requestHeaders().copy(), body)))
                .then();
    }

    /** A server that says something else than HTTP asks for, and hangs up. */
    String rudeServer(String words) {
        DisposableServer server = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((in, out) -> in.receive()
                        .next()
                        .then(out.sendByteArray(Mono.just(words.getBytes(StandardCharsets.US_ASCII)))
                                .then()))
                .bindNow(HANG);
        servers.add(server);
        return "http://127.0.0.1:" + server.port() + "/hook";
    }

    WebhookDispatcher dispatch(String url, WebhookConfig config) {
        return dispatch(List.of(WebhookEndpoint.of("billing", url, SECRET)), config);
    }

    WebhookDispatcher dispatch(List<WebhookEndpoint> endpoints, WebhookConfig config) {
        WebhookDispatcher dispatcher = WebhookDispatcher.start(store, endpoints, config);
        dispatchers.add(dispatcher);
        return dispatcher;
    }

    void send(String id) {
        send(id, "billing");
    }

    void send(String id, String endpoint) {
        send(id, endpoint, Payload.json("{\"of\":\"" + id + " 漢\"}"));
    }

    void send(String id, String endpoint, Payload body) {
        Instant now = Instant.now().minusSeconds(1);
        String trace = "trace of " + id;
        PersistenceEnvelope start = PersistenceEnvelope.of(trace, "order", 0, "start", Outcome.SUCCESS, now);
        Delivery delivery = Delivery.due(id, trace, "order", "1", endpoint, "SUCCESS", body, now);
        store.require(Capability.JOURNAL)
                .append(trace, 0, List.of(new JournalEvent.StepRecorded(start)))
                .then(store.require(Capability.JOURNAL)
                        .appendAfter(
                                trace,
                                Long.MAX_VALUE,
                                List.of(new JournalEvent.Completed(Completion.of(CompletionState.SUCCESS, now))),
                                List.of(new Outgoing.ToWebhook(delivery))))
                .block(HANG);
    }

    Delivery delivery(String id) {
        return Objects.requireNonNull(webhooks.find(id).block(HANG));
    }

    List<DeliveryAttempt> attempts(String id) {
        return Objects.requireNonNull(webhooks.attempts(id).collectList().block(HANG));
    }

    @Nullable
    DeadLetter letter(String id) {
        return store.require(Capability.DEAD_LETTERS).find(id).block(HANG);
    }

    static void await(BooleanSupplier condition) {
        Mono.fromSupplier(condition::getAsBoolean)
                .subscribeOn(Schedulers.boundedElastic()) // conditions block
                .filter(holds -> holds)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)))
                .block(HANG);
    }

    void awaitState(String id, DeliveryState state) {
        await(() -> delivery(id).state() == state);
    }
}
