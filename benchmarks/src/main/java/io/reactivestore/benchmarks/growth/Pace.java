package io.reactivestore.benchmarks.growth;

import java.time.Duration;
import java.util.Locale;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How fast something goes.
 *
 * @param perSecond how often
 * @param p50Micros median time of one
 * @param p99Micros 99th percentile
 */
record Pace(double perSecond, double p50Micros, double p99Micros) {

    /** Does something again and again for a time, by so many callers at once, each known by its number; before that, a fifth of the time unmeasured. */
    static Pace of(int callers, Duration time, IntFunction<Mono<?>> action) {
        drive(callers, time.dividedBy(5), action);
        return drive(callers, time, action);
    }

    private static Pace drive(int callers, Duration time, IntFunction<Mono<?>> action) {
        Recorder recorder = new Recorder(3);
        long start = System.nanoTime();
        Flux.range(0, callers)
                .flatMap(
                        i -> Mono.defer(() -> {
                                    long begun = System.nanoTime();
                                    return action.apply(i)
                                            .doOnTerminate(
                                                    () -> recorder.recordValue((System.nanoTime() - begun) / 1_000));
                                })
                                .repeat(() -> System.nanoTime() - start < time.toNanos()),
                        callers)
                .blockLast();
        double seconds = (System.nanoTime() - start) / 1e9;
        Histogram times = recorder.getIntervalHistogram();
        return new Pace(
                times.getTotalCount() / seconds, times.getValueAtPercentile(50), times.getValueAtPercentile(99));
    }

    String rate() {
        return String.format(Locale.ROOT, "%.0f", perSecond);
    }

    String p50() {
        return String.format(Locale.ROOT, "%.0f", p50Micros);
    }

    String p99() {
        return String.format(Locale.ROOT, "%.0f", p99Micros);
    }
}
