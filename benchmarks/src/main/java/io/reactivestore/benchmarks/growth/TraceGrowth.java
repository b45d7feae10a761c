package io.reactivestore.benchmarks.growth;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceStore;
import io.reactivestore.benchmarks.report.Table;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Workflow;
import io.reactivestore.r2dbc.R2dbcStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One trace of more and more steps: what a step costs at its end, what it costs to read it, and to take it up again. */
final class TraceGrowth {

    private static final Duration SUSPEND_AFTER = Duration.ofMillis(20);

    private final R2dbcStore store;
    private final Heads heads;
    private final Duration time;

    TraceGrowth(R2dbcStore store, Heads heads, Duration time) {
        this.store = store;
        this.heads = heads;
        this.time = time;
    }

    Table run(List<Integer> sizes) {
        Table table = new Table(List.of(
                "steps", "run ms", "of it a step us", "taken up again ms", "loads/s", "load p50 us", "load p99 us"));
        // the first is thrown away: it runs code that is not compiled yet
        measure(sizes.get(0));
        for (int steps : sizes) {
            table.row(measure(steps));
        }
        return table;
    }

    private List<String> measure(int steps) {
        Workflow<String, Long> workflow = Workflow.named("long-" + steps)
                .input(String.class)
                .output(Long.class)
                .body((ctx, input) -> Flux.range(0, steps)
                        .concatMap(i -> ctx.step("count", Integer.class, () -> Mono.just(i)))
                        .count()
                        .flatMap(count ->
                                ctx.awaitIntervention("go", String.class).thenReturn(count)));
        DurableEngine engine = DurableEngine.builder(store)
                .register(workflow)
                .suspendAfter(SUSPEND_AFTER)
                .build();
        try {
            String id = "long-" + steps + "-" + System.nanoTime();
            long start = System.nanoTime();
            engine.start(workflow, id, "").block();
            heads.awaitWaiting(id);
            double run = (System.nanoTime() - start) / 1e6 - SUSPEND_AFTER.toMillis();
            PersistenceStore traces = store.traces();
            Pace load = Pace.of(1, time, caller -> traces.load(id));
            start = System.nanoTime();
            engine.intervene(
                            id,
                            Intervention.of("go", "go", InterventionAction.SUPPLY, Instant.now())
                                    .withPayload(
                                            Payload.owning("\"go\"".getBytes(StandardCharsets.UTF_8), Payload.JSON)))
                    .block();
            engine.result(workflow, id).block();
            double taken = (System.nanoTime() - start) / 1e6;
            return List.of(
                    String.valueOf(steps),
                    text(run),
                    text(run * 1_000 / steps),
                    text(taken),
                    load.rate(),
                    load.p50(),
                    load.p99());
        } finally {
            engine.close().block();
        }
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
