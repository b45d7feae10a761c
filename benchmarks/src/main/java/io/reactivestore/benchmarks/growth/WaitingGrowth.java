package io.reactivestore.benchmarks.growth;

import com.sun.management.OperatingSystemMXBean;
import io.reactivestore.benchmarks.report.Table;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Workflow;
import io.reactivestore.r2dbc.R2dbcStore;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Flux;

/** More and more traces that wait for a person: what they cost the process. */
final class WaitingGrowth {

    private static final int STARTERS = 256;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final R2dbcStore store;
    private final Heads heads;
    private final Duration idle;

    private final Workflow<String, String> workflow = Workflow.named("approval")
            .input(String.class)
            .output(String.class)
            .body((ctx, input) -> ctx.awaitIntervention("approve", String.class));

    WaitingGrowth(R2dbcStore store, Heads heads, Duration idle) {
        this.store = store;
        this.heads = heads;
        this.idle = idle;
    }

    Table run(List<Integer> sizes) {
        Table table = new Table(
                List.of("waiting", "seconds to start them", "live heap MiB", "threads", "CPU of an idle second in ms"));
        DurableEngine engine = DurableEngine.builder(store)
                .register(workflow)
                .maxWait(Duration.ofMinutes(5))
                .build();
        try {
            int waiting = 0;
            table.row(row(0, 0));
            for (int size : sizes) {
                long start = System.nanoTime();
                Flux.range(waiting, size - waiting)
                        .flatMap(n -> engine.start(workflow, "waits-" + n, "please"), STARTERS)
                        .blockLast();
                heads.awaitWaiting(size);
                table.row(row(size, (System.nanoTime() - start) / 1e9));
                waiting = size;
            }
        } finally {
            engine.close().block();
        }
        return table;
    }

    private List<String> row(int waiting, double seconds) {
        System.gc();
        double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0 / 1024.0;
        long cpu = SYSTEM.getProcessCpuTime();
        try {
            Thread.sleep(idle.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        double idleMillis = (SYSTEM.getProcessCpuTime() - cpu) / 1e6 / idle.toMillis() * 1_000;
        return List.of(
                String.valueOf(waiting),
                String.format(Locale.ROOT, "%.1f", seconds),
                String.format(Locale.ROOT, "%.1f", heap),
                String.valueOf(ManagementFactory.getThreadMXBean().getThreadCount()),
                String.format(Locale.ROOT, "%.1f", idleMillis));
    }
}
