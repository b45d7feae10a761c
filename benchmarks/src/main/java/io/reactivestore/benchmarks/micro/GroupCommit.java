package io.reactivestore.benchmarks.micro;

import io.reactivestore.ReactiveStore;
import io.reactivestore.memory.InMemoryStore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Many callers at once append to a store in memory, each the first step of a trace of its own: what the sharing of writes costs
 * without what it saves. The time is that of all of them; divide it by their number.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GroupCommit {

    /** How many at once. */
    @Param({"1", "16", "256", "4096"})
    public int callers = 1;

    private ReactiveStore store = InMemoryStore.create();

    /** Opens a fresh store, for what is in memory stays there. */
    @Setup(Level.Iteration)
    public void open() {
        store = InMemoryStore.create();
    }

    /** Appends once by each caller. */
    @Benchmark
    public Object append() {
        return Flux.range(0, callers)
                .flatMap(
                        i -> store.traces()
                                .append(Adapter.entry(Adapter.newId(), 1))
                                .subscribeOn(Schedulers.parallel()),
                        callers)
                .count()
                .blockOptional();
    }
}
