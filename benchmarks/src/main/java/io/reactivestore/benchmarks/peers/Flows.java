package io.reactivestore.benchmarks.peers;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * The workflows of one turn: at least so many, and for at least so long. All contenders are measured from the first start to the
 * last end, so what they need to get going and to drain counts.
 */
public final class Flows {

    private final long least;
    private final long leastNanos;
    private final long mostNanos;
    private final String payload;
    private final long start = System.nanoTime();
    private final Recorder latencies = new Recorder(3);
    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder steps = new LongAdder();
    private volatile long end = start;

    /**
     * Begins a turn.
     *
     * @param least how many workflows at least
     * @param time for how long at least
     * @param limit after which no more are started, however few there were
     * @param payload the input of each workflow and the result of each step
     */
    Flows(long least, Duration time, Duration limit, String payload) {
        this.least = least;
        this.leastNanos = time.toNanos();
        this.mostNanos = limit.toNanos();
        this.payload = payload;
    }

    static Flows none() {
        return new Flows(0, Duration.ZERO, Duration.ZERO, "");
    }

    /** Text of so many letters and digits, which do not compress much. */
    static String payload(int length) {
        SplittableRandom random = new SplittableRandom(42);
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            text.append(Character.forDigit(random.nextInt(36), 36));
        }
        return text.toString();
    }

    static String newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** Says whether a caller shall start another workflow. */
    boolean another() {
        long elapsed = System.nanoTime() - start;
        return elapsed < mostNanos && (elapsed < leastNanos || started.sum() < least);
    }

    String payload() {
        return payload;
    }

    /** A workflow begins; gives the time. */
    long begin() {
        started.increment();
        return System.nanoTime();
    }

    /** What a step does: count itself, and give the payload. */
    String step() {
        steps.increment();
        return payload;
    }

    /** A workflow has ended, and that is durable. */
    void ended(long begun) {
        long now = System.nanoTime();
        latencies.recordValue((now - begun) / 1_000);
        ended.increment();
        end = Math.max(end, now);
    }

    long workflows() {
        return ended.sum();
    }

    long steps() {
        return steps.sum();
    }

    double seconds() {
        return (end - start) / 1e9;
    }

    Histogram latencies() {
        return latencies.getIntervalHistogram();
    }
}
