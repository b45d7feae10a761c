package io.reactivestore.benchmarks.micro;

import io.reactivestore.Capability;
import io.reactivestore.ReactiveStore;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.RecordedJournal;
import io.reactivestore.engine.Replay;
import io.reactivestore.engine.Workflow;
import io.reactivestore.memory.InMemoryStore;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Code runs over a journal in which all its steps are on record. The time is that of all steps; divide it by their number. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReplaySteps {

    private static final String TRACE = "replayed";

    /** Steps on record. */
    @Param({"10", "1000"})
    public int steps = 10;

    private final Workflow<String, Long> workflow = Workflow.named("order")
            .input(String.class)
            .output(Long.class)
            .body((ctx, input) -> Flux.range(0, steps)
                    .concatMap(i -> ctx.step("charge-card", String.class, () -> Mono.just(input)))
                    .count());
    private @Nullable RecordedJournal journal;

    /** Runs the workflow once, and keeps its journal. */
    @Setup
    public void record() {
        ReactiveStore store = InMemoryStore.create();
        DurableEngine engine = DurableEngine.builder(store).register(workflow).build();
        engine.run(workflow, TRACE, "x".repeat(100)).block();
        journal = RecordedJournal.of(store.require(Capability.JOURNAL), TRACE).block();
        engine.close().then(store.close()).block();
    }

    /** Replays it. */
    @Benchmark
    public Object replay() {
        return Replay.of(workflow).run(Objects.requireNonNull(journal)).blockOptional();
    }
}
