package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs workflows so that they survive the process. Everything it knows is in the store: an engine that dies loses nothing that
 * was recorded.
 *
 * <p>A run is independent of those who listen to it: several subscribers of one trace share one run, and one that goes away does
 * not stop it. The Reactor Context of the first subscriber is what the steps see.
 *
 * <p>Taking up a trace fences off the store instance that held it before: its next record is refused with
 * {@link io.reactivestore.error.ClaimLostException}, which stops its run. Use one engine per store instance; two engines over
 * one instance are not fenced from each other.
 *
 * <pre>{@code
 * DurableEngine engine = DurableEngine.builder(store.traces()).register(onboarding).build();
 * Mono<Receipt> receipt = engine.run(onboarding, "employee-7", employee);
 * }</pre>
 */
public final class DurableEngine {

    /** Instead of a step to resume from: the newest one on record. */
    static final long NEWEST = Long.MAX_VALUE;

    private final EngineConfig config;
    private final WorkflowRegistry workflows;
    private final Opener opener;
    private final Map<String, Run> live = new ConcurrentHashMap<>();
    private volatile boolean closed;

    DurableEngine(EngineConfig config, WorkflowRegistry workflows) {
        this.config = config;
        this.workflows = workflows;
        this.opener = new Opener(config);
    }

    /**
     * Begins an engine.
     *
     * @param store where traces are kept; it stays the caller's and is not closed with the engine
     * @return its parts
     */
    public static EngineBuilder builder(PersistenceStore store) {
        return new EngineBuilder(store);
    }

    /**
     * Runs a workflow, once per id. On subscription: an unknown trace is created; one that is live in this engine is joined; one
     * that was left unfinished goes on behind its newest step; one that has ended gives its recorded result. Cancel only stops
     * listening.
     *
     * @param workflow the workflow; it need not be registered
     * @param traceId the trace, 1 to 255 characters
     * @param input the input; the same for every call with this id
     * @param <I> the type of the input
     * @param <O> the type of the result
     * @return a Mono that emits the result once the end is durable (or completes empty, if the workflow did), or signals
     *     {@link WorkflowFailedException} if the workflow failed, now or earlier;
     *     {@link WorkflowConflictException} or {@link InputConflictException} if the id is taken by another run;
     *     {@link io.reactivestore.error.StoreException} and every other {@link EngineException} if the run stopped and can be
     *     resumed
     */
    public <I, O> Mono<O> run(Workflow<I, O> workflow, String traceId, I input) {
        Objects.requireNonNull(input, "input");
        checkTraceId(traceId);
        return workflow.typed(Mono.defer(() -> {
            Payload payload = encode(traceId, workflow, input);
            return attach(
                    traceId,
                    opener.open(workflow, traceId, payload),
                    run -> run.opened()
                            .doOnNext(found -> found.checkWorkflow(workflow).checkInput(payload))
                            .then(run.result()));
        }));
    }

    /**
     * Takes an unfinished trace up behind its newest step, with the registered workflow and the recorded input. One that is live
     * in this engine is joined.
     *
     * @param traceId the trace
     * @return a Mono that emits the result, or signals what {@link #run} signals,
     *     {@link io.reactivestore.error.TraceNotFoundException},
     *     {@link io.reactivestore.error.TraceCompletedException} or {@link UnknownWorkflowException}
     */
    public Mono<Object> resume(String traceId) {
        return resume(traceId, NEWEST, null);
    }

    /**
     * Takes an unfinished trace up behind a step: what was recorded beyond it is void and done again.
     *
     * @param traceId the trace
     * @param fromStep the last step to keep; 0 and −1 start over with the recorded input
     * @return as {@link #resume(String)}, or signals {@link io.reactivestore.error.ResumeOutOfRangeException}, or
     *     {@link TraceLiveException} if the trace is live in this engine
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
        return workflow.typed(resume(traceId, NEWEST, workflow));
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

    /**
     * Saves a decision about a node. A run of this engine that waits for it goes on at once, one of another engine at its next
     * look; without one, the decision waits for the trace to be resumed. The same id again is absorbed.
     *
     * @param traceId the trace
     * @param intervention the decision
     * @return a Mono that completes once the decision is durable, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException},
     *     {@link io.reactivestore.error.TraceCompletedException}, or {@link InterventionRefusedException} if the node waits in
     *     this engine and could not take the decision in; nothing is saved then
     */
    public Mono<Void> intervene(String traceId, Intervention intervention) {
        Objects.requireNonNull(intervention, "intervention");
        checkTraceId(traceId);
        return Mono.defer(() -> {
                    ifLive(traceId, run -> run.waiting().check(intervention));
                    return config.store().saveIntervention(traceId, intervention);
                })
                .then(Mono.fromRunnable(
                        () -> ifLive(traceId, run -> run.waiting().look())));
    }

    /**
     * Closes the engine: on subscription new runs are refused with {@link EngineClosedException}; live ones record the steps that
     * are under way, start no further ones, and signal the same error unless they came to their end. Their traces can be
     * resumed. Closing again waits for the same. Cancel has no effect. The store stays open.
     *
     * @return a Mono that completes when no run is live
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            live.values().forEach(Run::stop);
            return Flux.fromIterable(live.values()).flatMap(Run::ended).then();
        });
    }

    private Mono<Object> resume(String traceId, long fromStep, @Nullable Workflow<?, ?> given) {
        checkTraceId(traceId);
        Function<PersistedTrace, Workflow<?, ?>> registered = trace ->
                workflows.require(traceId, trace.head().workflow(), trace.head().version());
        return Mono.defer(() ->
                attach(traceId, opener.resume(traceId, fromStep, given == null ? registered : trace -> given), run -> {
                    if (fromStep != NEWEST) {
                        return Mono.error(new TraceLiveException(traceId));
                    }
                    return run.opened()
                            .doOnNext(found -> found.checkWorkflow(given == null ? found.workflow() : given))
                            .then(run.result());
                }));
    }

    /** Starts a run, or joins the one that is live. */
    private Mono<Object> attach(String traceId, Mono<Opening> how, Function<Run, Mono<Object>> join) {
        return Mono.deferContextual(context -> {
            Run fresh = new Run(traceId, config, ended -> live.remove(traceId, ended));
            Run existing = live.putIfAbsent(traceId, fresh);
            if (existing != null) {
                return join.apply(existing);
            }
            if (closed) {
                // behind the put: close() either sees the run or is seen here
                fresh.halt(new EngineClosedException(traceId));
            } else {
                fresh.start(how, context);
            }
            return fresh.result();
        });
    }

    private void ifLive(String traceId, Consumer<Run> action) {
        Run run = live.get(traceId);
        if (run != null) {
            action.accept(run);
        }
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
}
