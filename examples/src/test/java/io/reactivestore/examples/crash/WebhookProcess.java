package io.reactivestore.examples.crash;

import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EngineEvent;
import io.reactivestore.engine.Workflow;
import io.reactivestore.engine.webhook.WebhookConfig;
import io.reactivestore.engine.webhook.WebhookDispatcher;
import io.reactivestore.engine.webhook.WebhookEndpoint;
import io.reactivestore.r2dbc.R2dbcStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A process that ends traces, or one that sends what they tell, until it is killed. */
final class WebhookProcess {

    static final String SECRET = "0123456789abcdef0123456789abcdef";

    private WebhookProcess() {}

    /**
     * Runs until its standard input ends.
     *
     * @param args the URL of the database, and that of the endpoint for a process that sends
     */
    public static void main(String[] args) throws IOException {
        R2dbcStore store = R2dbcStore.create(args[0]);
        if (args.length == 1) {
            end(store);
        } else {
            WebhookConfig config = WebhookConfig.defaults().withPrivateAddresses(true);
            WebhookDispatcher.start(store, List.of(WebhookEndpoint.of("billing", args[1], SECRET)), config);
        }
        while (System.in.read() >= 0) {
            // nothing is said
        }
        System.exit(0);
    }

    private static void end(R2dbcStore store) {
        Workflow<Integer, Integer> workflow = Workflow.named("order")
                .webhook("billing")
                .input(Integer.class)
                .output(Integer.class)
                .body((ctx, input) -> ctx.step(
                        "a",
                        Integer.class,
                        () -> Mono.delay(Duration.ofMillis(20)).thenReturn(input)));
        DurableEngine engine = DurableEngine.builder(store)
                .register(workflow)
                .listener(event -> {
                    if (event instanceof EngineEvent.RunCompleted) {
                        System.out.println("ended");
                    }
                })
                .build();
        Flux.range(0, 900)
                .flatMap(i -> engine.run(workflow, "trace-" + i, i), 16)
                .subscribe();
    }
}
