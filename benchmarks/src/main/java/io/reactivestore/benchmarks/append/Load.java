package io.reactivestore.benchmarks.append;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the callers of one run share: when to stop, and what they have done. */
final class Load {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Recorder latencies = new Recorder(3);
    private final LongAdder appended = new LongAdder();
    private final LongAdder measured = new LongAdder();
    private volatile boolean measuring;
    private volatile boolean running = true;

    boolean isRunning() {
        return running;
    }

    /** An append, or a batch of them, was acknowledged. */
    void acknowledged(int appends, long startedAtNanos) {
        appended.add(appends);
        if (measuring) {
            measured.add(appends);
            latencies.recordValue((System.nanoTime() - startedAtNanos) / 1_000);
        }
    }

    /** Measures for a time, or until there is something measured; gives how long that was, in seconds. */
    double measure(Duration time) throws InterruptedException {
        long start = System.nanoTime();
        measuring = true;
        do {
            Thread.sleep(time.toMillis());
        } while (measured.sum() == 0 && System.nanoTime() - start < LONGEST.toNanos());
        measuring = false;
        return (System.nanoTime() - start) / 1e9;
    }

    void stop() {
        running = false;
    }

    long appended() {
        return appended.sum();
    }

    long measured() {
        return measured.sum();
    }

    Histogram latencies() {
        return latencies.getIntervalHistogram();
    }

    /** Callers on Reactor: each appends one entry after the other. */
    void drive(int callers, Function<Work.Entry, Mono<?>> append) {
        Flux.range(0, callers).flatMap(i -> caller(new Work(), append), callers).blockLast();
    }

    private Mono<Void> caller(Work work, Function<Work.Entry, Mono<?>> append) {
        return Mono.defer(() -> {
                    long start = System.nanoTime();
                    return append.apply(work.next()).doOnSuccess(any -> acknowledged(1, start));
                })
                .repeat(this::isRunning)
                .then();
    }
}
