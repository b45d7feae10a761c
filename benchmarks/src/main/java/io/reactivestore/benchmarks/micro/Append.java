package io.reactivestore.benchmarks.micro;

import io.reactivestore.ReactiveStore;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One caller appends one step of 300 bytes after the other, in traces of ten. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Append {

    private static final int STEPS = 10;

    /** Where. */
    @Param
    public Adapter adapter = Adapter.MEMORY;

    private @Nullable ReactiveStore store;
    private String traceId = "";
    private int step = STEPS;

    /** Opens the store; a fresh one each time, for what is in memory stays there. */
    @Setup(Level.Iteration)
    public void open() {
        store = adapter.open();
        step = STEPS;
    }

    /** Appends. */
    @Benchmark
    public Object append() {
        if (step == STEPS) {
            traceId = Adapter.newId();
            step = 0;
        }
        step++;
        return Objects.requireNonNull(store)
                .traces()
                .append(Adapter.entry(traceId, step))
                .blockOptional();
    }

    /** Closes the store. */
    @TearDown(Level.Iteration)
    public void close() {
        Objects.requireNonNull(store).close().block();
    }
}
