package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.transactions.Transactions;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the code of a workflow holds on to: its trace, its steps, its waits.
 *
 * <p>A step is identified by its key: the path of its scopes and its name, with {@code #2}, {@code #3} ... for each further call
 * with that name in its scope. Calls of one name must come one after another; two live steps of one name stop the run with
 * {@link DuplicateStepException}. Names hold no {@code #}, {@code /} and {@code $}.
 *
 * <p>The Monos signal on the thread of the step's function or of the store: move long work away with {@code publishOn}. Nothing
 * of the engine or the store is held while user code runs.
 *
 * <p>A trace that does nothing but wait leaves memory after a moment; its code is subscribed to again when it goes on, and its
 * subscription is cancelled until then. What the code does between steps is not seen: work that takes time belongs into a step.
 *
 * <pre>{@code
 * Mono<Void> chargeAll(WorkflowContext ctx, List<Order> orders) {
 *     return ctx.each("orders", orders, Order::id, 8, (item, order) ->
 *                     item.step("charge", Receipt.class, () -> payments.charge(order)))
 *             .then();
 * }
 * }</pre>
 */
public final class WorkflowContext {

    private final Run run;
    private final StepKeys keys;

    WorkflowContext(Run run) {
        this(run, new StepKeys(""));
    }

    private WorkflowContext(Run run, StepKeys keys) {
        this.run = run;
        this.keys = keys;
    }

    /**
     * Gives the trace.
     *
     * @return the id of the trace that runs
     */
    public String traceId() {
        return run.traceId();
    }

    /**
     * Does something once. On subscription: if a result is on record, the Mono emits it and the function is not called;
     * otherwise the function is called, its result is recorded, and then emitted. An empty result is a result. An error of
     * the function is recorded as a failed attempt and then signalled as {@link StepFailedException}; subscribing again is the
     * next attempt. Cancel cancels the function, or, once it has succeeded, lets the record be written unheard. Trouble of the
     * store stops the run; the Mono then signals nothing.
     *
     * @param name the name of the step, 1 to 900 characters
     * @param type the type of the result; {@code Void.class} for none
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(String name, Class<T> type, Supplier<? extends Mono<T>> function) {
        Objects.requireNonNull(function, "function");
        return step(StepOptions.of(name, type), attempt -> function.get());
    }

    /**
     * As {@link #step(String, Class, Supplier)}, for a result with type parameters.
     *
     * @param name the name of the step
     * @param type the type of the result, such as {@code new TypeReference<List<Order>>() {}}
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(String name, TypeReference<T> type, Supplier<? extends Mono<T>> function) {
        Objects.requireNonNull(function, "function");
        return step(StepOptions.of(name, type), attempt -> function.get());
    }

    /**
     * As {@link #step(String, Class, Supplier)}, for a function that wants the idempotency key.
     *
     * @param name the name of the step
     * @param type the type of the result
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(String name, Class<T> type, Function<StepContext, ? extends Mono<T>> function) {
        return step(StepOptions.of(name, type), function);
    }

    /**
     * As {@link #step(String, Class, Function)}, for a result with type parameters.
     *
     * @param name the name of the step
     * @param type the type of the result
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(String name, TypeReference<T> type, Function<StepContext, ? extends Mono<T>> function) {
        return step(StepOptions.of(name, type), function);
    }

    /**
     * As {@link #step(String, Class, Supplier)}, with attempts, limits, fallback, compensation and more.
     *
     * @param options the step
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(StepOptions<T> options, Function<StepContext, ? extends Mono<T>> function) {
        Objects.requireNonNull(function, "function");
        String key = keys.next(options.name());
        Work<T> work = new FunctionWork<>(run, options, policyOf(options, key), function);
        return new StepCall<>(run, keys.path(options.name()), key, options.type(), work, options.undo()).mono();
    }

    /**
     * Does something in the store's database, exactly once: what the function writes through the connection and the record of the
     * step are one transaction. The connection is held while the function runs, and what it reads and writes is locked as it
     * says: keep it short. An error rolls back and counts as a failed attempt. A cancel does not stop what has begun.
     *
     * @param options the step; a time limit and a start mark do not apply
     * @param connection what a connection is in this store, such as {@code io.r2dbc.spi.Connection.class}
     * @param function gives the Mono that does it; it neither commits nor rolls back
     * @param <C> the type of a connection
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is committed
     * @throws io.reactivestore.error.CapabilityMissingException if the store lacks TRANSACTIONS
     * @throws IllegalArgumentException if a connection is something else in this store
     */
    public <C, T> Mono<T> transaction(
            StepOptions<T> options,
            Class<C> connection,
            BiFunction<? super StepContext, ? super C, ? extends Mono<T>> function) {
        Objects.requireNonNull(function, "function");
        Transactions<C> transactions = run.transactions(connection);
        String key = keys.next(options.name());
        Work<T> work = new TransactionWork<>(run, options, policyOf(options, key), transactions, function);
        return new StepCall<>(run, keys.path(options.name()), key, options.type(), work, options.undo()).mono();
    }

    private StepPolicy policyOf(StepOptions<?> options, String key) {
        StepPolicy own = options.policy();
        return own == null ? run.workflow().traits().policyOf(key) : own;
    }

    /**
     * Does something that gives many results, once: all of them are one record, and are emitted once it is durable.
     *
     * @param name the name of the step
     * @param type the type of one result
     * @param function gives the Flux that does it; it must end
     * @param <T> the type of one result
     * @return a Flux that emits the results in their order
     */
    public <T> Flux<T> stepMany(String name, Class<T> type, Supplier<? extends Flux<T>> function) {
        Objects.requireNonNull(function, "function");
        StepOptions<List<T>> options = StepOptions.ofType(name, Types.listOf(type));
        return step(options, attempt -> function.get().collectList()).flatMapIterable(all -> all);
    }

    /**
     * Does something for each item, several at a time. Each item has a scope of its own, so that its steps keep their keys
     * whatever the order and the number of items; one done and then a crash: only the others run again.
     *
     * @param name names the scopes
     * @param items the items
     * @param key tells the items apart, 1 to 900 characters; no two items may have the same
     * @param concurrency how many items at a time, at least 1
     * @param body gives the Mono for an item, in whose context the item's steps are to be made
     * @param <T> the type of the items
     * @param <R> the type of the results
     * @return a Flux that emits the results in the order of the items, or signals {@link IllegalArgumentException} if two items
     *     have the same key
     * @throws IllegalArgumentException if the concurrency is below 1
     */
    public <T, R> Flux<R> each(
            String name,
            Iterable<? extends T> items,
            Function<? super T, String> key,
            int concurrency,
            BiFunction<? super WorkflowContext, ? super T, ? extends Mono<R>> body) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, found " + concurrency);
        }
        String scope = keys.next(name);
        return Flux.defer(() -> {
            Set<String> seen = new HashSet<>();
            return Flux.<T>fromIterable(items)
                    .flatMapSequential(
                            item -> {
                                String itemKey = StepKeys.checkItem(key.apply(item));
                                if (!seen.add(itemKey)) {
                                    return Mono.error(new IllegalArgumentException("two items of '" + name
                                            + "' have the same key, so their steps could not be told apart"));
                                }
                                return body.apply(
                                        new WorkflowContext(run, new StepKeys(scope + "/" + itemKey + "/")), item);
                            },
                            concurrency);
        });
    }

    /**
     * Gives a context whose steps have keys of their own, so that a part of a workflow can be written without regard to the names
     * of the others.
     *
     * @param name names the scope, 1 to 900 characters
     * @return the context to make the steps of this part in
     */
    public WorkflowContext scope(String name) {
        return new WorkflowContext(run, new StepKeys(keys.next(name) + "/"));
    }

    /** As {@link #scope}, for a path that is known beforehand and used once. */
    WorkflowContext inside(String path) {
        return new WorkflowContext(run, new StepKeys(keys.path(path) + "/"));
    }

    /** The key of the first step of that name in this scope. */
    String keyOf(String name) {
        return keys.path(name);
    }

    /** Stops the run; the Mono signals nothing. */
    <T> Mono<T> stop(EngineException mistake) {
        return Mono.<T>never().doOnSubscribe(subscription -> run.halt(mistake));
    }

    /**
     * Waits until somebody decides. On subscription: if a decision is on record it is emitted; otherwise the wait is recorded, and
     * the Mono stays silent until an intervention of this node is there, saved through {@link DurableEngine#intervene} or by any
     * other process. SUPPLY emits the given payload, SKIP completes empty, FAIL signals {@link InterventionFailedException}. RERUN,
     * and a payload that is not of the type, are refused, which is recorded, and the wait goes on. Of several pending decisions
     * the first counts. Cancel leaves the decision for later.
     *
     * @param node the name of the node, 1 to 900 characters
     * @param type the type of the decision
     * @param <T> the type of the decision
     * @return a Mono that emits the decision once it is recorded as taken in
     */
    public <T> Mono<T> awaitIntervention(String node, Class<T> type) {
        return await(node, type, null, null, false);
    }

    /**
     * As {@link #awaitIntervention(String, Class)}, for a decision with type parameters.
     *
     * @param node the name of the node
     * @param type the type of the decision
     * @param <T> the type of the decision
     * @return a Mono that emits the decision once it is recorded as taken in
     */
    public <T> Mono<T> awaitIntervention(String node, TypeReference<T> type) {
        return await(node, type.getType(), null, null, false);
    }

    /**
     * As {@link #awaitIntervention(String, Class)}, for a time. The time runs from the record of the wait, whatever happens to
     * the process.
     *
     * @param node the name of the node
     * @param type the type of the decision
     * @param timeout how long to wait, not negative
     * @param <T> the type of the decision
     * @return a Mono that emits the decision, or signals a {@link StepFailedException} that
     *     {@link StepFailedException#isA is} an {@link InterventionTimeoutException}
     */
    public <T> Mono<T> awaitIntervention(String node, Class<T> type, Duration timeout) {
        return await(node, type, notNegative("timeout", timeout), null, false);
    }

    /**
     * As {@link #awaitIntervention(String, Class, Duration)}, with what to take if nobody decides in time.
     *
     * @param node the name of the node
     * @param type the type of the decision
     * @param timeout how long to wait, not negative
     * @param otherwise the decision to take then
     * @param <T> the type of the decision
     * @return a Mono that emits the decision, whosever it is
     */
    public <T> Mono<T> awaitIntervention(String node, Class<T> type, Duration timeout, T otherwise) {
        return await(node, type, notNegative("timeout", timeout), otherwise, true);
    }

    /**
     * Waits for a time. The wait is on record before it begins: a restart does not begin it again.
     *
     * @param name the name of the step, 1 to 900 characters
     * @param duration how long, not negative
     * @return a Mono that completes when the time is over and that is durable
     * @throws IllegalArgumentException if the duration is negative
     */
    public Mono<Void> sleep(String name, Duration duration) {
        String key = keys.next(name);
        return new StepCall<>(
                        run,
                        keys.path(name),
                        key,
                        Void.class,
                        new SleepWork(run, notNegative("duration", duration)),
                        null)
                .mono();
    }

    /**
     * Gives the time, recorded: the same after a restart.
     *
     * @return a Mono that emits the time of the first call, cut to microseconds
     */
    public Mono<Instant> now() {
        return own("$now", Instant.class, () -> run.now().truncatedTo(ChronoUnit.MICROS));
    }

    /**
     * Gives a random id, recorded: the same after a restart.
     *
     * @return a Mono that emits the id
     */
    public Mono<UUID> uuid() {
        return own("$uuid", UUID.class, UUID::randomUUID);
    }

    /**
     * Gives a random number, recorded: the same after a restart.
     *
     * @return a Mono that emits a number from 0 on, below 1
     */
    public Mono<Double> random() {
        return own("$random", Double.class, run::random);
    }

    /**
     * Tells those who {@link DurableEngine#watch watch} the trace how far it has got. Recorded, and told once; unless
     * {@link WorkflowDefinition#sampleProgress} leaves this trace out: then nothing is done.
     *
     * @param name names the kind of progress, 1 to 900 characters
     * @param value what to tell
     * @return a Mono that completes once it is durable
     */
    public Mono<Void> emit(String name, Object value) {
        Objects.requireNonNull(value, "value");
        String own = StepKeys.EMIT + StepKeys.checkItem(name);
        String key = keys.nextOwn(own);
        Mono<Void> recorded = own(own, key, Object.class, () -> value).then();
        // what is on record is asked for even if the rate is another now
        return Mono.defer(() -> run.recordsProgress() || run.history().node(key) != null ? recorded : Mono.empty());
    }

    /**
     * Runs another workflow as a trace of its own and gives its result. Its failure is a {@link InterventionFailedException} here.
     * If this one fails, is cancelled or comes to its deadline while the other is under way, the other is cancelled; if this one
     * succeeds without waiting for it, it goes on.
     *
     * @param name the name of the step, 1 to 900 characters
     * @param workflow the workflow; every engine of this one should have it registered
     * @param input its input
     * @param <I> the type of the input
     * @param <O> the type of the result
     * @return a Mono that emits the result once the end of the other trace, and that it is known here, are durable
     */
    public <I, O> Mono<O> child(String name, Workflow<I, O> workflow, I input) {
        String key = keys.next(name);
        return Mono.defer(() -> {
            String childId =
                    ChildWork.idOf(run.traceId(), key, run.opening().meta().generation());
            ChildWork<I, O> work =
                    new ChildWork<>(run, workflow, childId, run.encode(key, input, workflow.inputType()));
            return new StepCall<O>(run, keys.path(name), key, workflow.outputType(), work, null).mono();
        });
    }

    /**
     * Gives the state with which the trace goes on, if it went on by {@link #continueWith}.
     *
     * @param type the type of the state
     * @param first the state of a trace that has just begun
     * @param <S> the type of the state
     * @return a Mono that emits the state that was carried over, or else the first one
     */
    public <S> Mono<S> carried(Class<S> type, S first) {
        Objects.requireNonNull(first, "first");
        return Mono.defer(() -> run.history().node(Continuation.NODE) == null
                ? Mono.just(first)
                : new StepCall<S>(run, Continuation.NODE, Continuation.NODE, type, new Continuation.Carried<>(), null)
                        .mono());
    }

    /**
     * Lets the trace go on from the start of its code, with its input and a state, as if no step had been done: for work without
     * end, or with very many steps. What was recorded so far is void; the trace, its time limit and those who wait for its end stay.
     * So a trace is taken up as soon after a million steps as after a hundred. Steps may be done again under their names, with
     * other idempotency keys; they are not taken back any more; to resume before this point is not possible.
     *
     * <p>To be called last: a step that is under way, or waits, must not be left behind.
     *
     * <pre>{@code
     * Mono<Integer> countUp(WorkflowContext ctx) {
     *     return ctx.carried(Integer.class, 0)
     *             .flatMap(n -> ctx.step("next", Integer.class, () -> Mono.just(n + 1)))
     *             .flatMap(n -> n < 1_000_000 ? ctx.continueWith(n) : Mono.just(n));
     * }
     * }</pre>
     *
     * @param state what {@link #carried} gives from then on
     * @param <T> the type of what is never emitted
     * @return a Mono that signals nothing, as its subscription ends with this run of the code; or signals
     *     {@link IllegalStateException} if a step is under way or waits
     */
    public <T> Mono<T> continueWith(Object state) {
        Objects.requireNonNull(state, "state");
        // behind what was asked for before: it may be about to begin
        return Mono.create(sink -> run.order().afterAll(() -> {
            List<String> live = run.steps().all().stream()
                    .filter(step -> !step.isUnheard())
                    .map(LiveStep::key)
                    .toList();
            if (live.isEmpty()) {
                try {
                    run.goOnWith(run.encode(Continuation.NODE, state, state.getClass()));
                } catch (PayloadCodecException misfit) {
                    run.halt(misfit);
                }
            } else {
                sink.error(new IllegalStateException("trace '" + run.traceId()
                        + "' cannot go on with a state while these steps are under way or wait: " + live
                        + ". Let them come to their ends first."));
            }
        }));
    }

    private <T> Mono<T> own(String name, Class<T> type, Supplier<T> value) {
        return own(name, keys.nextOwn(name), type, value);
    }

    private <T> Mono<T> own(String name, String key, Class<T> type, Supplier<T> value) {
        StepOptions<T> options = StepOptions.of(name, type);
        Work<T> work = new FunctionWork<>(run, options, StepPolicy.defaults(), attempt -> Mono.fromSupplier(value));
        return new StepCall<>(run, keys.path(name), key, type, work, null).mono();
    }

    private <T> Mono<T> await(
            String node, Type type, @Nullable Duration timeout, @Nullable T otherwise, boolean hasDefault) {
        Objects.requireNonNull(type, "type");
        String key = keys.next(node);
        Work<T> work = new DecisionWork<>(run, type, timeout, otherwise, hasDefault);
        return new StepCall<>(run, keys.path(node), key, type, work, null).mono();
    }

    private static Duration notNegative(String what, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, found " + duration);
        }
        return duration;
    }
}
