package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.TraceNotFoundException;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Runs workflows so that they survive the process. Everything it knows is in the store: an engine that dies loses nothing that
 * was recorded.
 *
 * <p>Any number of engines share a store. Each says at an interval that it lives; what a silent one held, what has slept until
 * now, and what somebody has decided about, is taken up by whichever engine is free and has the workflow registered. A trace that
 * only waits is in nobody's memory. Use one engine per store instance.
 *
 * <p>A run is independent of those who listen to it: any number of subscribers, in any process, hear of one end, and one that
 * goes away does not stop it. The Reactor Context of the first subscriber is what the steps see; of it, what
 * {@link EngineBuilder#propagate} names is there also after a restart.
 *
 * <pre>{@code
 * DurableEngine engine = DurableEngine.builder(store).register(onboarding).build();
 * Mono<Receipt> receipt = engine.run(onboarding, "employee-7", employee);
 * }</pre>
 */
public final class DurableEngine {

    private final EngineConfig config;
    private final WorkflowRegistry workflows;
    private final Migrator migrator;
    private final Opener opener;
    private final Results results = new Results();
    private final Runs runs;
    private final Dispatcher dispatcher;
    private final Decisions decisions;
    private final Watch watch;
    private final DeadLetterReplay replays;

    DurableEngine(EngineConfig config, WorkflowRegistry workflows) {
        this.config = config;
        this.workflows = workflows;
        this.migrator = new Migrator(config, workflows);
        this.opener = new Opener(config, workflows, migrator);
        this.runs = new Runs(config, opener, results);
        this.dispatcher = new Dispatcher(config, workflows, migrator, opener, runs, results);
        this.decisions = new Decisions(config, workflows, runs);
        this.watch = new Watch(config);
        this.replays = new DeadLetterReplay(config, workflows, new Restart(config, opener, this::begin), this::takeUp);
    }

    /**
     * Begins an engine.
     *
     * @param store where traces are kept; it stays the caller's and is not closed with the engine
     * @return its parts
     */
    public static EngineBuilder builder(ReactiveStore store) {
        return new EngineBuilder(store);
    }

    void begin() {
        dispatcher.start(replays.finishAbandoned());
    }

    /**
     * Runs a workflow, once per id. On subscription: an unknown trace is created and run here; of one that is there, wherever it
     * runs or waits, the end is awaited; one that has ended gives its recorded result. Cancel only stops listening.
     *
     * @param workflow the workflow; registered, so that other engines and later ones can take the trace up
     * @param traceId the trace, 1 to 255 characters
     * @param input the input; the same for every call with this id
     * @param <I> the type of the input
     * @param <O> the type of the result
     * @return a Mono that emits the result once the end is durable (or completes empty, if the workflow did), or signals
     *     {@link WorkflowFailedException} if the workflow failed, now or earlier;
     *     {@link WorkflowConflictException} or {@link InputConflictException} if the id is taken by another run;
     *     {@link EngineOverloadedException} if the engine has too many live traces;
     *     {@link io.reactivestore.error.StoreException} and every other {@link EngineException} if the run stopped and can be
     *     resumed
     */
    public <I, O> Mono<O> run(Workflow<I, O> workflow, String traceId, I input) {
        return run(workflow, traceId, input, TraceTags.NONE);
    }

    /**
     * Runs a workflow as {@link #run(Workflow, String, Object)} does. A trace that this call creates is described from its first
     * entry on, in the same commit; one that is there keeps the tags it has. What copies a trace, as {@link #fork} and
     * {@link #replay} do, copies its tags; a child has none of its parent's.
     *
     * <pre>{@code
     * TraceTags tags = TraceTags.NONE.withSource("web").with("customer", "ann");
     * Mono<Receipt> receipt = engine.run(onboarding, "employee-7", employee, tags);
     * }</pre>
     *
     * @param workflow the workflow
     * @param traceId the trace, 1 to 255 characters
     * @param input the input; the same for every call with this id
     * @param tags what describes the trace, for lists; they are no secret
     * @param <I> the type of the input
     * @param <O> the type of the result
     * @return as {@link #run(Workflow, String, Object)}
     */
    public <I, O> Mono<O> run(Workflow<I, O> workflow, String traceId, I input, TraceTags tags) {
        Mono<Void> begun = start(workflow, traceId, input, tags);
        return workflow.typed(listen(traceId, begun.thenReturn(workflow)));
    }

    /**
     * Starts a workflow, once per id, without waiting for its end.
     *
     * @param workflow the workflow
     * @param traceId the trace, 1 to 255 characters
     * @param input the input; the same for every call with this id
     * @param <I> the type of the input
     * @return a Mono that completes once the start is durable, or signals what {@link #run} signals at the start
     */
    public <I> Mono<Void> start(Workflow<I, ?> workflow, String traceId, I input) {
        return start(workflow, traceId, input, TraceTags.NONE);
    }

    /**
     * Starts a workflow as {@link #start(Workflow, String, Object)} does, and describes the trace as
     * {@link #run(Workflow, String, Object, TraceTags)} does.
     *
     * @param workflow the workflow
     * @param traceId the trace, 1 to 255 characters
     * @param input the input; the same for every call with this id
     * @param tags what describes the trace
     * @param <I> the type of the input
     * @return as {@link #start(Workflow, String, Object)}
     */
    public <I> Mono<Void> start(Workflow<I, ?> workflow, String traceId, I input, TraceTags tags) {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(tags, "tags");
        checkTraceId(traceId);
        return Mono.deferContextual(context -> {
            Payload payload = encode(traceId, workflow, input);
            TraceMeta meta =
                    TraceMeta.of(workflow.traits().structure(), null, null, ContextKeys.capture(config, context), 0);
            return dispatcher
                    .ready()
                    .then(runs.open(traceId, fresh -> create(fresh, workflow, payload, meta, tags), context))
                    .doOnNext(found -> found.checkWorkflow(workflow).checkInput(payload))
                    .then();
        });
    }

    private Mono<Opening> create(Run fresh, Workflow<?, ?> workflow, Payload input, TraceMeta meta, TraceTags tags) {
        String traceId = fresh.traceId();
        return opener.create(workflow, traceId, input, meta, tags)
                .onErrorResume(
                        Opener::saysItIsThere,
                        error -> opener.find(traceId, trace -> workflow)
                                .flatMap(found -> attach(fresh, found.checkInput(input))));
    }

    /** Of a trace that was there already: runs it if it is this engine's, or leaves it to whoever has it. */
    private Mono<Opening> attach(Run fresh, Opening found) {
        if (found.trace().completion() == null
                && opener.isHeldHere(found.trace().head())) {
            return opener.held(fresh.traceId(), trace -> found.workflow());
        }
        fresh.found(found);
        runs.tellEnd(found.trace(), found.workflow());
        dispatcher.pollSoon();
        return Mono.empty();
    }

    /**
     * Waits for the end of a trace, wherever it runs, without starting or resuming it.
     *
     * @param workflow the workflow it runs
     * @param traceId the trace
     * @param <O> the type of the result
     * @return a Mono that emits the result, or signals {@link WorkflowFailedException},
     *     {@link io.reactivestore.error.TraceNotFoundException} or {@link WorkflowConflictException}
     */
    public <O> Mono<O> result(Workflow<?, O> workflow, String traceId) {
        checkTraceId(traceId);
        Mono<Workflow<?, ?>> known = opener.find(traceId, trace -> workflow)
                .doOnNext(found -> runs.tellEnd(found.trace(), workflow))
                .thenReturn(workflow);
        return workflow.typed(listen(traceId, known));
    }

    /**
     * Takes an unfinished trace over, from whoever has it, and goes on behind its newest step, with the registered workflow and
     * the recorded input. One that is live in this engine is joined. There is no need for it after a crash: that is noticed; but
     * it does not wait until the silence is long enough.
     *
     * @param traceId the trace
     * @return a Mono that emits the result, or signals what {@link #run} signals,
     *     {@link io.reactivestore.error.TraceNotFoundException},
     *     {@link io.reactivestore.error.TraceCompletedException} or {@link UnknownWorkflowException}
     */
    public Mono<Object> resume(String traceId) {
        return resume(traceId, PersistenceStore.NEWEST, null);
    }

    /**
     * Takes an unfinished trace over, from whoever has it, and goes on behind a step: what was recorded beyond it is void and
     * done again. A run that is live in this engine records what is under way first.
     *
     * @param traceId the trace
     * @param fromStep the last step to keep; 0 and −1 start over with the recorded input
     * @return as {@link #resume(String)}, or signals {@link io.reactivestore.error.ResumeOutOfRangeException}
     * @throws IllegalArgumentException if {@code fromStep} is below −1
     */
    public Mono<Object> resume(String traceId, long fromStep) {
        return resume(traceId, checkStep(fromStep), null);
    }

    /**
     * As {@link #resume(String)}, with a typed result and a workflow that need not be registered.
     *
     * @param workflow the workflow the trace runs
     * @param traceId the trace
     * @param <O> the type of the result
     * @return as {@link #resume(String)}, or signals {@link WorkflowConflictException}
     */
    public <O> Mono<O> resume(Workflow<?, O> workflow, String traceId) {
        return workflow.typed(resume(traceId, PersistenceStore.NEWEST, workflow));
    }

    /**
     * As {@link #resume(String, long)}, with a typed result and a workflow that need not be registered.
     *
     * @param workflow the workflow the trace runs
     * @param traceId the trace
     * @param fromStep the last step to keep; 0 and −1 start over with the recorded input
     * @param <O> the type of the result
     * @return as {@link #resume(String, long)}, or signals {@link WorkflowConflictException}
     * @throws IllegalArgumentException if {@code fromStep} is below −1
     */
    public <O> Mono<O> resume(Workflow<?, O> workflow, String traceId, long fromStep) {
        return workflow.typed(resume(traceId, checkStep(fromStep), workflow));
    }

    private Mono<Object> resume(String traceId, long fromStep, @Nullable Workflow<?, ?> given) {
        checkTraceId(traceId);
        Function<PersistedTrace, Workflow<?, ?>> workflow = given == null ? opener::registered : trace -> given;
        Mono<Opening> joined = Mono.defer(() -> {
            Run run = runs.find(traceId);
            return run == null
                    ? Mono.empty()
                    : run.opened()
                            .doOnNext(found -> found.checkWorkflow(given == null ? found.workflow() : given))
                            .flatMap(found -> goBack(run, found, fromStep));
        });
        Mono<Opening> taken = Mono.deferContextual(context -> dispatcher
                .ready()
                .then(runs.open(traceId, fresh -> opener.takeOver(traceId, fromStep, workflow), context)));
        Mono<Workflow<?, ?>> begun = joined.switchIfEmpty(taken)
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)))
                .map(found -> {
                    Workflow<?, ?> expected = given == null ? found.workflow() : given;
                    found.checkWorkflow(expected);
                    return expected;
                });
        return listen(traceId, begun);
    }

    /** Rewinds a run that is live here; empty if it only was about to be. */
    private static Mono<Opening> goBack(Run run, Opening found, long fromStep) {
        if (!run.wasOpened()) {
            return run.ended().then(Mono.empty());
        }
        if (fromStep != PersistenceStore.NEWEST) {
            long highest = run.history().lastStep();
            if (fromStep > highest) {
                return Mono.error(new ResumeOutOfRangeException(run.traceId(), fromStep, highest));
            }
            run.rewind(Math.max(0, fromStep));
        }
        return Mono.just(found);
    }

    /**
     * Saves a decision about a node. A live run takes it in at once, wherever it is as soon as the store tells, at the latest
     * after the poll interval; one that waits comes back, on whatever engine. A node that waits or is under way takes the decision
     * instead of what it would come to; one that has a result is rewound to; one that is yet to come takes it when it is reached.
     * The same id again is absorbed.
     *
     * @param traceId the trace
     * @param intervention the decision
     * @return a Mono that completes once the decision is durable, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException},
     *     {@link io.reactivestore.error.TraceCompletedException}, or {@link InterventionRefusedException} if the trace has no
     *     such node, or the node could not take the decision in; nothing is saved then
     */
    public Mono<Void> intervene(String traceId, Intervention intervention) {
        Objects.requireNonNull(intervention, "intervention");
        checkTraceId(traceId);
        return Mono.defer(() -> decisions.check(traceId, intervention))
                .then(Mono.defer(() -> config.traces().saveIntervention(traceId, intervention)))
                .then(Mono.fromRunnable(() -> tellDecided(traceId)));
    }

    private void tellDecided(String traceId) {
        Run run = runs.find(traceId);
        if (run != null) {
            run.look();
        } else {
            dispatcher.pollSoon();
        }
    }

    /**
     * Ends a trace, wherever it is: steps under way are cancelled, those that say how are taken back, and it ends with CANCELLED,
     * or COMPENSATED if steps were taken back and all of them succeeded in that. To go away as a subscriber is no cancel.
     *
     * @param traceId the trace
     * @param reason why, for the record, or null
     * @return a Mono that completes once the wish is durable, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException} or {@link io.reactivestore.error.TraceCompletedException}
     */
    public Mono<Void> cancel(String traceId, @Nullable String reason) {
        return Mono.defer(() -> intervene(traceId, Decisions.cancel(config.now(), reason)));
    }

    /**
     * Makes a new trace of what another one has on record up to a step, and runs it from there. The old one may run, wait or have
     * ended; it stays as it is.
     *
     * @param traceId the trace to copy from
     * @param fromStep the last step to keep, at least 0
     * @param newTraceId the trace to make, 1 to 255 characters
     * @return a Mono that completes once the new trace is durable and is about to run, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, {@link io.reactivestore.error.ResumeOutOfRangeException}, or
     *     {@link io.reactivestore.error.PositionConflictException} if the new one is there already
     * @throws IllegalArgumentException if {@code fromStep} is below 0, or an id is not of that form
     */
    public Mono<Void> fork(String traceId, long fromStep, String newTraceId) {
        return begin(newTraceId, config.journal().fork(traceId, fromStep, newTraceId));
    }

    private Mono<Void> begin(String traceId, Mono<Long> created) {
        return dispatcher.ready().then(created).then(Mono.defer(() -> {
            if (runs.tryTakePermit()) {
                runs.launch(traceId, opener.held(traceId));
                return Mono.empty();
            }
            return opener.putOff(traceId);
        }));
    }

    /**
     * Starts anew what a dead letter tells of, from where it failed. As {@link #replay(String, ReplayFrom)}.
     *
     * @param deadLetterId the letter
     * @return as {@link #replay(String, ReplayFrom)}
     */
    public Mono<String> replay(String deadLetterId) {
        return replay(deadLetterId, ReplayFrom.FAILURE);
    }

    /**
     * Starts anew what a dead letter tells of. A trace that has ended gets a new one in its place, which says in its journal where it
     * comes from and has an id that follows from that of the old one; its deadline counts from now. A trace that was put aside has
     * not ended: it goes on itself, unless somebody took it up before, and a delivery is due again, whatever {@code from} says. The
     * letter is REPLAYED as soon as that is durable. If the process dies before, any engine that knows the workflow goes on with the
     * replay when the time of a heartbeat is over; no second trace is started.
     *
     * @param deadLetterId the letter
     * @param from where to begin
     * @return a Mono that emits the id of the trace that now takes the letter's place, or signals
     *     {@link io.reactivestore.error.DeadLetterNotFoundException},
     *     {@link io.reactivestore.error.DeadLetterStateException} if it is not pending: of two who replay it at once, one does;
     *     {@link io.reactivestore.error.CapabilityMissingException} if the store keeps no dead letters;
     *     {@link io.reactivestore.error.PositionConflictException} if a trace that is no such replay has its id; or why the trace
     *     cannot be started. In both cases the letter is pending again and says so.
     */
    public Mono<String> replay(String deadLetterId, ReplayFrom from) {
        Objects.requireNonNull(from, "from");
        checkTraceId(deadLetterId);
        return replays.replay(deadLetterId, from);
    }

    private Mono<Void> takeUp(String traceId) {
        return dispatcher
                .ready()
                .then(runs.open(
                        traceId,
                        fresh -> opener.takeOver(traceId, PersistenceStore.NEWEST, opener::registered),
                        Context.empty()))
                .then();
    }

    /**
     * Tells what would become of a trace that was started with other code, if this engine took it up. Nothing is written.
     *
     * @param traceId the trace
     * @return a Mono that emits the plan, is empty if the trace would run as it is, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, or why the trace would not run: {@link UnknownWorkflowException},
     *     {@link WorkflowChangedException} or {@link MigrationFailedException}
     */
    public Mono<MigrationPlan> migration(String traceId) {
        checkTraceId(traceId);
        return migrator.dryRun(traceId);
    }

    /**
     * Lists what a trace waits for.
     *
     * @param traceId the trace
     * @return the waits in the order in which they began, or a signal of
     *     {@link io.reactivestore.error.TraceNotFoundException}
     */
    public Flux<Wait> waits(String traceId) {
        checkTraceId(traceId);
        return decisions.waits(traceId);
    }

    /**
     * Gives the graph of a trace of a {@link Pipeline}, as it was recorded when the trace started, or was migrated: the picture that
     * is true of the trace, whatever the code has become since.
     *
     * @param traceId the trace
     * @return a Mono that emits the graph, is empty if the trace was started without one, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, or what reading a payload signals
     */
    public Mono<PipelineGraph> graph(String traceId) {
        checkTraceId(traceId);
        return Mono.defer(() -> config.traces().load(traceId))
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)))
                .mapNotNull(Shape::recorded)
                .flatMap(graph -> config.payloads().restored(traceId, graph))
                .mapNotNull(Shape::read);
    }

    /**
     * Watches a trace: what has happened to it so far, and then what happens, wherever it runs, up to its end. As
     * {@link #watch(String, long)} from the start.
     *
     * @param traceId the trace
     * @return as {@link #watch(String, long)}
     */
    public Flux<TraceUpdate> watch(String traceId) {
        return watch(traceId, 0);
    }

    /**
     * Watches a trace from behind a position: what is on record there, and then what happens, wherever it runs, up to its end. No
     * gap and no repetition. Each subscription reads the journal by itself, as fast as its subscriber asks, and holds a few pages
     * of it at the most; neither the trace nor anybody else waits for it. What this engine writes comes at once, what others
     * write with the store's follow interval. Goes on when the engine is closed. Cancel ends the watching and nothing else.
     *
     * @param traceId the trace
     * @param afterPosition the {@link TraceUpdate#position() position} of the last update that was seen, 0 for none
     * @return a Flux that completes behind the end of the trace, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, {@link IllegalArgumentException} if the journal ends before that
     *     position, or trouble of the store: watch again behind the last position then
     * @throws IllegalArgumentException if {@code afterPosition} is below 0
     */
    public Flux<TraceUpdate> watch(String traceId, long afterPosition) {
        checkTraceId(traceId);
        if (afterPosition < 0) {
            throw new IllegalArgumentException("afterPosition must be at least 0, found " + afterPosition);
        }
        return watch.updates(traceId, afterPosition);
    }

    /**
     * Takes the journal of a trace out of the store, for a {@link Replay}: what transforms and facts made of payloads is undone. To
     * take a trace to another store, {@link RecordedJournal#of} leaves what is encrypted as it is.
     *
     * @param traceId the trace
     * @return a Mono that emits the journal up to the end it has on subscription, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, or what reading a payload signals
     */
    public Mono<RecordedJournal> recorded(String traceId) {
        checkTraceId(traceId);
        return RecordedJournal.of(config.journal(), traceId)
                .flatMap(recorded -> Flux.fromIterable(recorded.entries())
                        .concatMap(config.payloads()::restored)
                        .collectList()
                        .map(entries -> new RecordedJournal(traceId, entries)));
    }

    /**
     * Tells what this engine does, from the subscription on, to any number of subscribers. The engine waits for none of them: each
     * has a buffer of 1,024 events; what it is too slow for is counted, and an {@link EngineEvent.Missed} with the count stands in
     * its place. Signals arrive on Reactor's bounded elastic threads, so a subscriber may block. While nobody subscribes, and
     * there is no listener, no event is made.
     *
     * @return a Flux that completes when the engine is closed, and never fails
     */
    public Flux<EngineEvent> events() {
        return config.events().live();
    }

    /**
     * Tells how many traces are in this engine's memory; those that wait in the store are not.
     *
     * @return how many, {@link EngineBuilder#maxLiveTraces} and those that wait for a place at the most
     */
    public int liveTraces() {
        return runs.count();
    }

    /**
     * Closes the engine: on subscription new runs are refused with {@link EngineClosedException}; live ones record the steps that
     * are under way, start no further ones, and signal the same error unless they came to their end. Their traces are due for
     * other engines at once. Closing again waits for the same. Cancel has no effect. The store stays open.
     *
     * @return a Mono that completes when no run is live
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            dispatcher.stop();
            return runs.close()
                    .then(Mono.defer(config.claims()::leave))
                    .doFinally(signal -> config.events().end());
        });
    }

    /** The listeners are there before the run is, so that none misses the end. */
    private Mono<Object> listen(String traceId, Mono<? extends Workflow<?, ?>> begun) {
        return Mono.using(
                () -> results.open(traceId),
                listeners -> begun.doOnNext(listeners::expect).then(Mono.defer(listeners::result)),
                listeners -> results.close(traceId, listeners));
    }

    private Payload encode(String traceId, Workflow<?, ?> workflow, Object input) {
        try {
            return config.codec().encode(input, workflow.inputType());
        } catch (PayloadCodecException misfit) {
            throw misfit.at(traceId, History.START);
        }
    }

    private static void checkTraceId(String traceId) {
        // the record knows what a store can keep
        PersistenceEnvelope.of(traceId, "any", 0, History.START, Outcome.SUCCESS, Instant.EPOCH);
    }

    private static long checkStep(long fromStep) {
        if (fromStep < -1) {
            throw new IllegalArgumentException("fromStep must be at least -1, found " + fromStep);
        }
        return fromStep;
    }

    WorkflowRegistry workflows() {
        return workflows;
    }
}
