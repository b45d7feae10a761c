package io.reactivestore.benchmarks.micro;

import io.reactivestore.ReactiveStore;
import io.reactivestore.memory.InMemoryStore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Flux;

/** The fold of a journal: a load of one trace from a store in memory, where reading costs next to nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Fold {

    private static final String TRACE = "folded";

    /** Steps of the trace. */
    @Param({"10", "100", "1000", "10000"})
    public int steps = 10;

    private final ReactiveStore store = InMemoryStore.create();

    /** Writes the trace. */
    @Setup
    public void fill() {
        Flux.range(1, steps)
                .concatMap(step -> store.traces().append(Adapter.entry(TRACE, step)))
                .blockLast();
    }

    /** Loads it. */
    @Benchmark
    public Object load() {
        return store.traces().load(TRACE).blockOptional();
    }
}
