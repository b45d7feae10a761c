package io.reactivestore.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EngineEvent;
import io.reactivestore.engine.Workflow;
import io.reactivestore.r2dbc.R2dbcStore;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Traces that sleep or wait for a person cost rows, not heap and not threads. Full size with {@code -Pstress}. */
class SleepingTracesTest {

    private static final boolean STRESS = Boolean.getBoolean("reactivestore.stress");
    private static final int TRACES = STRESS ? 100_000 : 2_000;
    private static final Duration LIMIT = Duration.ofMinutes(20);

    /** What the tails of the last traces may take, which the store remembers up to a bound, and noise. */
    private static final long HEAP = 48L << 20;

    private final Workflow<String, String> sleeping = Workflow.named("sleeping")
            .input(String.class)
            .output(String.class)
            .body((ctx, input) -> ctx.sleep("night", Duration.ofDays(1)).thenReturn(input));

    private final Workflow<String, String> waiting = Workflow.named("waiting")
            .input(String.class)
            .output(String.class)
            .body((ctx, input) -> ctx.awaitIntervention("approval", String.class));

    @Test
    @Timeout(value = 25, unit = TimeUnit.MINUTES)
    void they_cost_rows() {
        OwnDatabase database = OwnDatabase.create();
        R2dbcStore store = R2dbcStore.create(database.url());
        store.migrate().block(LIMIT);
        LongAdder suspended = new LongAdder();
        DurableEngine engine = DurableEngine.builder(store)
                .register(sleeping)
                .register(waiting)
                .suspendAfter(Duration.ofMillis(10))
                .maxLiveTraces(1_000)
                .maxWait(Duration.ofMinutes(5))
                .listener(event -> {
                    if (event instanceof EngineEvent.RunSuspended) {
                        suspended.increment();
                    }
                })
                .build();
        start(engine, 0, 500);
        await(suspended, 500);
        long heap = usedHeap();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();

        start(engine, 500, TRACES);
        await(suspended, TRACES);

        long more = usedHeap() - heap;
        int moreThreads = ManagementFactory.getThreadMXBean().getThreadCount() - threads;
        System.out.println(TRACES + " traces, asleep or waiting: " + (more >> 10) + " KiB of heap and " + moreThreads
                + " threads more than 500 of them");
        assertThat(more).isLessThan(HEAP);
        assertThat(moreThreads).isLessThan(10);
        assertThat(database.counts("SELECT status::text, COUNT(*) FROM rs_trace GROUP BY 1"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("1", (long) TRACES));

        engine.intervene(
                        "trace-" + (TRACES / 2 * 2 - 1),
                        Intervention.of("yes", "approval", InterventionAction.SUPPLY, Instant.now())
                                .withPayload(Payload.json("\"yes\"")))
                .block(LIMIT);
        assertThat(engine.result(waiting, "trace-" + (TRACES / 2 * 2 - 1)).block(LIMIT))
                .isEqualTo("yes");
        engine.close().then(store.close()).block(LIMIT);
    }

    private void start(DurableEngine engine, int first, int end) {
        Flux.range(first, end - first)
                .flatMap(i -> engine.start(i % 2 == 0 ? sleeping : waiting, "trace-" + i, "x"), 500)
                .blockLast(LIMIT);
    }

    private static void await(LongAdder suspended, long count) {
        Mono.fromSupplier(suspended::sum)
                .filter(sum -> sum >= count)
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(50)))
                .block(LIMIT);
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
