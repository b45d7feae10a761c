package io.reactivestore.examples.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.TraceStatus;
import io.reactivestore.engine.webhook.WebhookConfig;
import io.reactivestore.engine.webhook.WebhookDispatcher;
import io.reactivestore.engine.webhook.WebhookEndpoint;
import io.reactivestore.examples.cluster.OwnDatabase;
import io.reactivestore.r2dbc.R2dbcStore;
import io.reactivestore.webhooks.DeliveryState;
import io.reactivestore.webhooks.Webhooks;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * kill -9 between the end of traces and their deliveries, and in the middle of a delivery: every end is told, and what is told twice
 * has one id.
 */
class WebhookKillTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int ENDED = 40;

    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    @Test
    void every_end_is_told_whoever_is_killed() throws IOException, InterruptedException {
        OwnDatabase database = OwnDatabase.create();
        R2dbcStore store = R2dbcStore.create(database.url());
        store.migrate().block(LIMIT);

        Process ending = process(database.url());
        try (BufferedReader lines = ending.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < ENDED; i++) {
                assertThat(lines.readLine()).isEqualTo("ended");
            }
            ending.destroyForcibly().waitFor();
        }
        Webhooks webhooks = store.require(Capability.WEBHOOKS);
        long ended = store.require(Capability.CATALOG)
                .recent(1_000)
                .filter(head -> head.status() == TraceStatus.SUCCESS)
                .count()
                .block(LIMIT);
        assertThat(ended).isGreaterThanOrEqualTo(ENDED);
        assertThat(count(webhooks, DeliveryState.PENDING)).isEqualTo(ended);

        Sinks.One<String> interrupted = Sinks.one();
        DisposableServer silent = server(interrupted, true);
        Process sending = process(database.url(), url(silent));
        String twice = Objects.requireNonNull(interrupted.asMono().block(LIMIT));
        sending.destroyForcibly().waitFor();
        silent.disposeNow(LIMIT);
        assertThat(count(webhooks, DeliveryState.PENDING)).isEqualTo(ended);
        received.clear();

        DisposableServer well = server(Sinks.one(), false);
        WebhookDispatcher dispatcher = WebhookDispatcher.start(
                store,
                List.of(WebhookEndpoint.of("billing", url(well), WebhookProcess.SECRET)),
                WebhookConfig.defaults()
                        .withPrivateAddresses(true)
                        .withClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2))));
        Mono.defer(() -> webhooks.counts())
                .filter(counts -> counts.get(DeliveryState.DELIVERED) == ended)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(50)))
                .block(LIMIT);
        dispatcher.close().then(store.close()).block(LIMIT);
        well.disposeNow(LIMIT);
        Set<String> once = new HashSet<>(received);
        assertThat(received).hasSameSizeAs(once).hasSize((int) ended).contains(twice);
    }

    private static long count(Webhooks webhooks, DeliveryState state) {
        return Objects.requireNonNull(webhooks.counts().block(LIMIT)).get(state);
    }

    private DisposableServer server(Sinks.One<String> first, boolean silent) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive().then(Mono.defer(() -> {
                    String id = request.requestHeaders().get("X-Reactive-Store-Delivery");
                    received.add(id);
                    first.tryEmitValue(id);
                    return silent ? Mono.never() : response.status(200).send().then();
                })))
                .bindNow(LIMIT);
    }

    private static String url(DisposableServer server) {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    private static Process process(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                WebhookProcess.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
