package io.reactivestore.benchmarks.growth;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.benchmarks.report.Table;
import io.reactivestore.r2dbc.R2dbcStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Append, load and resume as the journal grows: traces of ten steps, in the order of random ids. */
final class StoreGrowth {

    private static final int STEPS = 10;
    private static final int CALLERS = 64;
    private static final int FILLERS = 1_024;
    private static final Payload PAYLOAD =
            Payload.owning(("{\"order\":\"" + "x1".repeat(140) + "\"}").getBytes(StandardCharsets.UTF_8), Payload.JSON);

    private final PersistenceStore traces;
    private final Duration time;
    private final long[] done = new long[CALLERS];
    private long filled;

    StoreGrowth(R2dbcStore store, Duration time) {
        this.traces = store.traces();
        this.time = time;
    }

    Table run(List<Long> sizes) {
        Table table = new Table(List.of(
                "entries",
                "appends/s (64)",
                "append p50 us",
                "p99 us",
                "loads/s (1)",
                "load p50 us",
                "p99 us",
                "resumes/s (1)",
                "resume p50 us",
                "p99 us"));
        for (long size : sizes) {
            fill(size / STEPS);
            Pace load = Pace.of(1, time, caller -> traces.load(anyTrace()));
            Pace resume = Pace.of(1, time, caller -> traces.resume(anyTrace(), STEPS / 2));
            // last, for it makes the journal larger
            Pace append = Pace.of(CALLERS, time, this::append);
            table.row(List.of(
                    String.valueOf(size),
                    append.rate(),
                    append.p50(),
                    append.p99(),
                    load.rate(),
                    load.p50(),
                    load.p99(),
                    resume.rate(),
                    resume.p50(),
                    resume.p99()));
        }
        return table;
    }

    /** What the appends that are measured add comes on top. */
    private void fill(long count) {
        Flux.generate(() -> filled, (n, sink) -> {
                    if (n == count) {
                        sink.complete();
                    } else {
                        sink.next(traceId(n));
                    }
                    return n + 1;
                })
                .cast(String.class)
                .flatMap(
                        id -> Flux.range(1, STEPS)
                                .concatMap(step -> append(id, step))
                                .then(),
                        FILLERS)
                .blockLast();
        filled = Math.max(filled, count);
    }

    private String anyTrace() {
        return traceId(ThreadLocalRandom.current().nextLong(filled));
    }

    /** Each caller appends one step after the other of a trace of its own, then of the next. */
    private Mono<?> append(int caller) {
        long n = done[caller]++;
        return append("new-" + caller + "-" + traceId(n / STEPS), (int) (n % STEPS) + 1);
    }

    private Mono<Long> append(String traceId, int step) {
        return traces.append(
                PersistenceEnvelope.of(traceId, "order", step, "charge-card", Outcome.SUCCESS, Instant.now())
                        .withPayload(PAYLOAD));
    }

    /** Spread over the index, and known again by its number. */
    private static String traceId(long n) {
        long mixed = n * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        return new UUID(mixed ^ (mixed >>> 27), n).toString();
    }
}
