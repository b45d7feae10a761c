package io.reactivestore.engine;

import io.reactivestore.PersistenceStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The parts of a {@link DurableEngine}. Not thread-safe; use it once.
 *
 * <pre>{@code
 * EngineBuilder parts = DurableEngine.builder(store.traces()).pollInterval(Duration.ofSeconds(5));
 * DurableEngine engine = parts.register(onboarding).listener(event -> System.out.println(event)).build();
 * }</pre>
 */
public final class EngineBuilder {

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private final PersistenceStore store;
    private final WorkflowRegistry workflows = new WorkflowRegistry();
    private PayloadCodec codec = PayloadCodec.json();
    private Clock clock = Clock.systemUTC();
    private Scheduler scheduler = Schedulers.parallel();
    private Duration pollInterval = POLL_INTERVAL;
    private @Nullable Consumer<? super EngineEvent> listener;

    EngineBuilder(PersistenceStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Makes a workflow known, so that its traces can be resumed by id. Several versions of one name may be registered.
     *
     * @param workflow the workflow
     * @return this
     * @throws IllegalArgumentException if one of that name and version is registered
     */
    public EngineBuilder register(Workflow<?, ?> workflow) {
        workflows.add(workflow);
        return this;
    }

    /**
     * Sets how values become payloads. Default: {@link PayloadCodec#json()}. Changing it makes recorded traces unreadable.
     *
     * @param codec the codec
     * @return this
     */
    public EngineBuilder codec(PayloadCodec codec) {
        this.codec = Objects.requireNonNull(codec, "codec");
        return this;
    }

    /**
     * Sets the clock whose time is recorded. Default: UTC of the system.
     *
     * @param clock the clock
     * @return this
     */
    public EngineBuilder clock(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Sets the scheduler on which waiting traces are looked after. Default: {@link Schedulers#parallel()}. It is the caller's: the
     * engine does not dispose it.
     *
     * @param scheduler a scheduler that can delay
     * @return this
     */
    public EngineBuilder scheduler(Scheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        return this;
    }

    /**
     * Sets how often a waiting trace is read to see what other processes decided. Default 1 s. Each look costs one read of the
     * trace; a decision through this engine is seen at once.
     *
     * @param pollInterval more than zero
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public EngineBuilder pollInterval(Duration pollInterval) {
        if (pollInterval.isNegative() || pollInterval.isZero()) {
            throw new IllegalArgumentException("pollInterval must be more than zero, found " + pollInterval);
        }
        this.pollInterval = pollInterval;
        return this;
    }

    /**
     * Sets who is told what the engine does. Called on the thread where it happens, before user code goes on: it must be quick
     * and must not block. What it throws is dropped through {@code Hooks.onErrorDropped}. Default: nobody, at no cost.
     *
     * @param listener takes the events
     * @return this
     */
    public EngineBuilder listener(Consumer<? super EngineEvent> listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Makes the engine. It starts nothing by itself.
     *
     * @return the engine
     */
    public DurableEngine build() {
        return new DurableEngine(
                new EngineConfig(store, codec, clock, scheduler, pollInterval, listener), workflows.copy());
    }
}
