package io.reactivestore.benchmarks.peers;

import dev.restate.client.Client;
import dev.restate.common.Request;
import dev.restate.common.Target;
import dev.restate.sdk.HandlerRunner;
import dev.restate.sdk.WorkflowContext;
import dev.restate.sdk.endpoint.Endpoint;
import dev.restate.sdk.endpoint.definition.HandlerDefinition;
import dev.restate.sdk.endpoint.definition.HandlerType;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import dev.restate.sdk.endpoint.definition.ServiceType;
import dev.restate.sdk.http.vertx.RestateHttpServer;
import dev.restate.serde.Serde;
import dev.restate.serde.TypeTag;
import dev.restate.serde.jackson.JacksonSerdeFactory;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Restate: one node of its server with the default configuration, which syncs its log, and the service in this process, as a
 * workflow, that is, once per id. The server is started for each turn with nothing on its disk, and listens on loopback only.
 */
final class RestateFlows implements Contestant {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration CONNECTIONS_APART = Duration.ofNanos(500_000);
    private static final String HOST = "127.0.0.1";

    private final Path directory;
    private final Process server;
    private final io.vertx.core.http.HttpServer service;
    private final Client client;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Serde<String> text;
    private final Serde<Long> number;
    private volatile Flows load = Flows.none();
    private boolean connected;

    RestateFlows(Path binary, int steps, Path directory) throws Exception {
        this.directory = directory;
        JacksonSerdeFactory json = new JacksonSerdeFactory();
        text = json.create(String.class);
        number = json.create(Long.class);
        service = RestateHttpServer.fromEndpoint(Endpoint.bind(ServiceDefinition.of(
                "Orders",
                ServiceType.WORKFLOW,
                List.of(HandlerDefinition.of(
                        "run",
                        HandlerType.WORKFLOW,
                        text,
                        number,
                        HandlerRunner.of(
                                (WorkflowContext ctx, String payload) -> order(ctx, steps),
                                json,
                                HandlerRunner.Options.DEFAULT))))));
        int servicePort = service.listen(0, HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
        int ingress = freePort();
        int admin = freePort();
        server = start(binary, ingress, admin);
        register(admin, servicePort);
        client = Client.connect("http://" + HOST + ":" + ingress);
    }

    private long order(WorkflowContext ctx, int steps) {
        long done = 0;
        for (int i = 0; i < steps; i++) {
            ctx.run("charge-card", String.class, () -> load.step());
            done++;
        }
        return done;
    }

    private Process start(Path binary, int ingress, int admin) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        binary.toString(),
                        "--no-logo",
                        "--listen-mode",
                        "tcp",
                        "--base-dir",
                        directory.toString(),
                        "--bind-ip",
                        HOST,
                        "--bind-port",
                        String.valueOf(freePort()),
                        "--node-name",
                        "benchmark")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "RESTATE_INGRESS__BIND_PORT", String.valueOf(ingress),
                        "RESTATE_ADMIN__BIND_PORT", String.valueOf(admin),
                        "RESTATE_DISABLE_TELEMETRY", "true",
                        "RUST_LOG", "warn"));
        return builder.start();
    }

    /** Tells the server where the service is, as soon as it is up. */
    private void register(int admin, int servicePort) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + admin + "/deployments"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"uri\":\"http://" + HOST + ":" + servicePort + "\"}"))
                .build();
        long start = System.nanoTime();
        String last = "";
        while (System.nanoTime() - start < START.toNanos() && server.isAlive()) {
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() / 100 == 2) {
                    return;
                }
                last = response.statusCode() + " " + response.body();
            } catch (IOException e) {
                last = e.toString();
            }
            Thread.sleep(50);
        }
        server.destroyForcibly();
        throw new IllegalStateException("restate-server did not take the service: " + last);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void drive(int inFlight, Flows load) {
        this.load = load;
        // a thousand connections at the same moment are more than the server's queue for new ones takes; they are kept then
        Duration apart = connected ? Duration.ZERO : CONNECTIONS_APART;
        connected = true;
        Flux.range(0, inFlight)
                .flatMap(i -> caller(load).delaySubscription(apart.multipliedBy(i)), inFlight)
                .blockLast();
    }

    private Mono<Void> caller(Flows load) {
        return Mono.defer(() -> {
                    long begun = load.begin();
                    return Mono.fromFuture(() -> client.callAsync(Request.of(
                                            Target.workflow("Orders", Flows.newId(), "run"),
                                            TypeTag.of(text),
                                            TypeTag.of(number),
                                            load.payload())
                                    .build()))
                            .doOnSuccess(count -> load.ended(begun));
                })
                .repeat(load::another)
                .then();
    }

    @Override
    public Duration serverCpu() {
        return server.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws Exception {
        server.destroy();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
            server.destroyForcibly().waitFor();
        }
        service.close().toCompletionStage().toCompletableFuture().get();
    }
}
