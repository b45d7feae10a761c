package io.reactivestore.engine;

import io.reactivestore.Capability;
import io.reactivestore.ReactiveStore;
import io.reactivestore.facts.Facts;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The parts of a {@link DurableEngine}. Not thread-safe; use it once.
 *
 * <pre>{@code
 * EngineBuilder parts = DurableEngine.builder(store).pollInterval(Duration.ofSeconds(5));
 * DurableEngine engine = parts.register(onboarding).listener(event -> System.out.println(event)).build();
 * }</pre>
 */
public final class EngineBuilder {

    private final ReactiveStore store;
    private final WorkflowRegistry workflows = new WorkflowRegistry();
    private final Map<String, Class<?>> contextKeys = new TreeMap<>();
    private String name = "engine-" + UUID.randomUUID();
    private PayloadCodec codec = PayloadCodec.json();
    private final List<PayloadTransform> transforms = new ArrayList<>();
    private int factThreshold = Payloads.NO_THRESHOLD;
    private int snapshotEvery = 512;
    private Clock clock = Clock.systemUTC();
    private Scheduler scheduler = Schedulers.parallel();
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    private Duration pollInterval = Duration.ofSeconds(1);
    private Duration heartbeat = Duration.ofSeconds(10);
    private Duration suspendAfter = Duration.ofSeconds(1);
    private int maxLiveTraces = 10_000;
    private Duration maxWait = Duration.ofSeconds(10);
    private int maxRecoveries = 10;
    private @Nullable StepAround around;
    private @Nullable Consumer<? super EngineEvent> listener;

    EngineBuilder(ReactiveStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Sets a name for people: it stands in the journal where this engine took a trace over. Default: a random one.
     *
     * @param name 1 to 255 characters
     * @return this
     */
    public EngineBuilder name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
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
     * Adds a transform of what the codec writes: of inputs, results, decisions and ends, and of what endpoints are told: give the
     * dispatcher the same ones. Called again, another one behind it, which gets what the one before wrote. Default: none, at no cost.
     *
     * @param transform the transform; to be kept as long as there are traces it wrote
     * @return this
     */
    public EngineBuilder transform(PayloadTransform transform) {
        transforms.add(Objects.requireNonNull(transform, "transform"));
        return this;
    }

    /**
     * Keeps large payloads as {@linkplain io.reactivestore.facts.Facts facts}: once, whichever traces hold them, and read only
     * when the code asks for them. Each costs one statement more to write, and one to read; {@link
     * io.reactivestore.facts.Facts#sweep} is to be called now and then. What a transaction records stays in the journal. Default:
     * none, whatever its size. Facts on record are read whatever is set here.
     *
     * @param bytes the size from which a payload, as the transforms leave it, becomes a fact; such as 65,536
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public EngineBuilder factThreshold(int bytes) {
        this.factThreshold = atLeastOne("factThreshold", bytes);
        return this;
    }

    /**
     * Sets after how many recorded steps of a trace its engine has the store take a
     * {@linkplain io.reactivestore.snapshots.Snapshots snapshot}, beside the run, so that a trace with a long journal is soon taken
     * up. Default 512; a store without the facet goes without.
     *
     * @param steps at least 1
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public EngineBuilder snapshotEvery(int steps) {
        this.snapshotEvery = atLeastOne("snapshotEvery", steps);
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
     * Sets where random numbers come from: those of {@link WorkflowContext#random()} and those that spread attempts and looks.
     *
     * @param random gives numbers from 0 on, below 1
     * @return this
     */
    public EngineBuilder random(DoubleSupplier random) {
        this.random = Objects.requireNonNull(random, "random");
        return this;
    }

    /**
     * Sets the scheduler on which times are waited for. Default: {@link Schedulers#parallel()}. It is the caller's: the
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
     * Sets how often the engine looks for traces that are due, and whether others wrote to those that are live here. Default 1 s.
     * A look costs two or three statements, however many traces there are; where the store gives hints, what is urgent does not
     * wait for it.
     *
     * @param pollInterval more than zero
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public EngineBuilder pollInterval(Duration pollInterval) {
        this.pollInterval = positive("pollInterval", pollInterval);
        return this;
    }

    /**
     * Sets how long an engine may be silent before others take its traces over. Default 10 s; it says that it lives three times
     * as often. The clocks of all engines should agree to a fraction of it; a wrong clock costs needless take-overs, never
     * consistency.
     *
     * @param heartbeat more than zero
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public EngineBuilder heartbeat(Duration heartbeat) {
        this.heartbeat = positive("heartbeat", heartbeat);
        return this;
    }

    /**
     * Sets how long a trace that only waits stays in memory, and how long a wait must be for it to leave. Default 1 s.
     *
     * @param suspendAfter more than zero
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public EngineBuilder suspendAfter(Duration suspendAfter) {
        this.suspendAfter = positive("suspendAfter", suspendAfter);
        return this;
    }

    /**
     * Sets how many traces may be live in this engine; those that wait in the store do not count. Default 10,000.
     *
     * @param maxLiveTraces at least 1
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public EngineBuilder maxLiveTraces(int maxLiveTraces) {
        this.maxLiveTraces = atLeastOne("maxLiveTraces", maxLiveTraces);
        return this;
    }

    /**
     * Sets how long a start waits while too many traces are live, before it is refused with {@link EngineOverloadedException}.
     * Default 10 s.
     *
     * @param maxWait more than zero
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public EngineBuilder maxWait(Duration maxWait) {
        this.maxWait = positive("maxWait", maxWait);
        return this;
    }

    /**
     * Sets how often in a row a trace may be taken over without getting any further, before it is put aside. Default 10.
     *
     * @param maxRecoveries at least 1
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public EngineBuilder maxRecoveries(int maxRecoveries) {
        this.maxRecoveries = atLeastOne("maxRecoveries", maxRecoveries);
        return this;
    }

    /**
     * Records a value of the caller's Reactor Context with each trace, so that its steps see it also after a restart and in
     * another engine, and so do the traces it starts.
     *
     * @param key the key of the value
     * @param type its type, as JSON can hold it
     * @return this
     */
    public EngineBuilder propagate(String key, Class<?> type) {
        contextKeys.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(type, "type"));
        return this;
    }

    /**
     * Sets what stands around the attempts of steps, such as
     * {@link io.reactivestore.engine.micrometer.StepObservations}. Default: nothing, at no cost.
     *
     * @param around gives what is subscribed to instead
     * @return this
     */
    public EngineBuilder around(StepAround around) {
        this.around = Objects.requireNonNull(around, "around");
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
     * Makes the engine. It begins to look for what is due, which needs no subscriber; {@link DurableEngine#close} ends that.
     *
     * @return the engine
     * @throws io.reactivestore.error.CapabilityMissingException if the store lacks JOURNAL, CLAIMS or CATALOG, or
     *     FACTS if there is a threshold for them, or WEBHOOKS if a registered workflow needs it
     */
    public DurableEngine build() {
        DurableEngine engine = new DurableEngine(config(), workflows.copy());
        engine.begin();
        return engine;
    }

    EngineConfig config() {
        Facts facts = factThreshold == Payloads.NO_THRESHOLD
                ? store.find(Capability.FACTS).orElse(null)
                : store.require(Capability.FACTS);
        Payloads payloads = new Payloads(transforms, facts, factThreshold);
        if (workflows.tellsAny()) {
            store.require(Capability.WEBHOOKS); // rather now than when the first trace ends
        }
        return new EngineConfig(
                name,
                new PayloadTraces(store.traces(), payloads),
                new PayloadJournal(store.require(Capability.JOURNAL), payloads),
                store.require(Capability.CLAIMS),
                store.require(Capability.CATALOG),
                store.find(Capability.DEAD_LETTERS).orElse(null),
                store.find(Capability.WEBHOOKS).orElse(null),
                () -> store.require(Capability.TRANSACTIONS),
                codec,
                payloads,
                store.find(Capability.SNAPSHOTS).orElse(null),
                snapshotEvery,
                clock,
                scheduler,
                random,
                pollInterval,
                heartbeat,
                suspendAfter,
                maxLiveTraces,
                maxWait,
                maxRecoveries,
                Map.copyOf(contextKeys),
                around,
                new EngineEvents(listener, Schedulers.boundedElastic()));
    }

    private static Duration positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " must be more than zero, found " + duration);
        }
        return duration;
    }

    private static int atLeastOne(String what, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, found " + number);
        }
        return number;
    }
}
