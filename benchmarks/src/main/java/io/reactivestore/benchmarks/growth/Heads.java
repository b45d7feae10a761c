package io.reactivestore.benchmarks.growth;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Looks from outside, by SQL, at where the traces stand. */
record Heads(BenchmarkDatabase database, String schema) {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long LOOK_MILLIS = 5;
    private static final int WAITING = 1;

    void awaitWaiting(String traceId) {
        await(() -> count("status = " + WAITING + " AND trace_id = '" + traceId + "'") == 1);
    }

    void awaitWaiting(long traces) {
        await(() -> count("status = " + WAITING) >= traces);
    }

    void awaitEnded(long traces) {
        await(() -> count("status > " + WAITING) >= traces);
    }

    long count(String condition) {
        return database.number("SELECT count(*) FROM " + schema + ".rs_trace WHERE " + condition);
    }

    /** Waits for what is only to be seen from outside. */
    static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("not within " + PATIENCE);
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
