package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.Sha256;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The runs that are live in an engine: at most one of a trace, and no more than there are permits. */
final class Runs {

    private final EngineConfig config;
    private final Opener opener;
    private final Results results;
    private final Permits permits;
    private final Map<String, Run> live = new ConcurrentHashMap<>();
    private final Set<String> stalled = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Runs(EngineConfig config, Opener opener, Results results) {
        this.config = config;
        this.opener = opener;
        this.results = results;
        this.permits = new Permits(config.maxLiveTraces(), config.maxWait(), config.scheduler());
    }

    /**
     * Opens a trace in whatever way, unless it is live here. Runs to its end whoever goes away.
     *
     * @param how opens it; empty if it is not for this engine to run it now
     * @return a Mono that emits how the trace was found, and is empty if it is not known here
     */
    Mono<Opening> open(String traceId, Function<Run, Mono<Opening>> how, ContextView context) {
        return Mono.defer(() -> {
            Run fresh = new Run(traceId, config, this);
            Run existing = live.putIfAbsent(traceId, fresh);
            if (existing != null) {
                return existing.opened();
            }
            return Mono.create(sink -> {
                // heard before it begins: whoever waits for the end must be there before the run is over
                fresh.opened().singleOptional().subscribe(opening -> sink.success(opening.orElse(null)), sink::error);
                if (closed) {
                    // behind the put: close() either sees the run or is seen here
                    fresh.halt(new EngineClosedException(traceId));
                } else {
                    begin(fresh, permits.take(fresh::hasPermit), how, context);
                }
            });
        });
    }

    /** One edge of the engine: subscribes. */
    private static void begin(Run fresh, Mono<Void> permit, Function<Run, Mono<Opening>> how, ContextView context) {
        permit.then(Mono.defer(() -> fresh.isEnded() ? Mono.empty() : how.apply(fresh)))
                .contextWrite(context)
                .subscribe(opening -> fresh.start(opening, context), fresh::halt, fresh::leaveIfOpening);
    }

    @Nullable
    Run find(String traceId) {
        return live.get(traceId);
    }

    List<Run> all() {
        return List.copyOf(live.values());
    }

    /** How many more traces may be live. */
    int free() {
        return permits.free();
    }

    boolean tryTakePermit() {
        return permits.tryTake();
    }

    void giveBackPermit() {
        permits.giveBack();
    }

    /** Runs a trace that this engine has just claimed, or holds already. The permit is the caller's, and the run's from here on. */
    void launch(String traceId, Mono<Opening> how) {
        Run fresh = new Run(traceId, config, this);
        Run existing = live.putIfAbsent(traceId, fresh);
        if (existing == null) {
            fresh.hold();
            fresh.hasPermit();
            if (closed) {
                fresh.halt(new EngineClosedException(traceId));
            } else {
                begin(fresh, Mono.empty(), run -> how, Context.empty());
            }
        } else {
            permits.giveBack();
            existing.ended().subscribe(end -> existingEnded(existing, end));
        }
    }

    /** What was claimed while another run of it was on its way out, or in, is not to be forgotten. */
    private void existingEnded(Run existing, RunEnd end) {
        boolean leavesTraceOpen = end instanceof RunEnd.Suspended
                || end instanceof RunEnd.Lost
                || end instanceof RunEnd.NotHere
                || (end instanceof RunEnd.Halted && !existing.wasOpened());
        if (leavesTraceOpen && !closed) {
            stalled.add(existing.traceId());
        }
    }

    /**
     * Creates a trace for one that waits for it. Runs it here if there is a permit; otherwise it is due at once, for any engine.
     *
     * @return a Mono that completes then, or emits the end of a trace that was there already and has ended; one that has not will
     *     announce its end
     */
    Mono<Completion> startChild(Workflow<?, ?> workflow, String traceId, Payload input, TraceMeta meta) {
        return opener.create(workflow, traceId, input, meta, TraceTags.NONE)
                .flatMap(opening -> {
                    if (permits.tryTake()) {
                        launch(traceId, Mono.just(opening));
                        return Mono.<Completion>empty();
                    }
                    return opener.putOff(traceId).then(Mono.<Completion>empty());
                })
                .onErrorResume(
                        Opener::saysItIsThere,
                        error -> config.traces().load(traceId).mapNotNull(PersistedTrace::completion));
    }

    /** What a run calls when it leaves memory, once. */
    void ended(Run run, RunEnd how) {
        String traceId = run.traceId();
        if (how instanceof RunEnd.Rewound rewound && !closed) {
            rerun(run, rewound.fromStep());
            return;
        }
        if (how instanceof RunEnd.Continued continued && !closed) {
            begin(successor(run), Mono.empty(), next -> Mono.just(continued.next()), run.context());
            return;
        }
        if (how instanceof RunEnd.Retold && !closed) {
            begin(
                    successor(run),
                    Mono.empty(),
                    next -> opener.held(traceId, trace -> workflowOf(run, trace)),
                    run.context());
            return;
        }
        // before anybody hears of it: who then runs the trace again must not find this run
        live.remove(traceId, run);
        if (run.givesPermitBack()) {
            permits.giveBack();
        }
        if (how instanceof RunEnd.Ended end) {
            if (end.error() == null) {
                tellCompleted(run);
            } else {
                tellFailed(run, end.error());
            }
            results.tell(traceId, end.value(), end.error());
        } else if (how instanceof RunEnd.Halted halted) {
            halted(run, halted.error());
        } else if (how instanceof RunEnd.Lost lost) {
            tellFailed(run, lost.error());
        } else if (how instanceof RunEnd.Suspended suspended) {
            tellSuspended(run, suspended.dueAt());
        } else if (how instanceof RunEnd.Rewound || how instanceof RunEnd.Continued || how instanceof RunEnd.Retold) {
            halted(run, new EngineClosedException(traceId));
        } else if (how instanceof RunEnd.EndedElsewhere) {
            lookForEnd(traceId).subscribe(nothing -> {}, error -> results.tell(traceId, null, error));
        }
    }

    private void halted(Run run, Throwable error) {
        String traceId = run.traceId();
        if (error instanceof StoreException trouble && trouble.isTransient() && !closed) {
            // even if it was not opened: what it was about to do may have been done
            stalled.add(traceId);
        }
        if (run.wasOpened() || run.wasHeld()) {
            tellFailed(run, error);
            results.tell(traceId, null, error);
        }
    }

    /** Code that was given to the run and is not registered goes on, unless the trace is no longer one of its own. */
    private Workflow<?, ?> workflowOf(Run run, PersistedTrace trace) {
        Workflow<?, ?> own = run.workflow();
        return own.takes(trace.head()) ? own : opener.registered(trace);
    }

    /** The run that follows another one of the same trace, in its place. */
    private Run successor(Run run) {
        Run fresh = new Run(run.traceId(), config, this);
        fresh.hold();
        fresh.follows(run);
        if (run.givesPermitBack()) {
            fresh.hasPermit();
        }
        live.replace(run.traceId(), run, fresh);
        return fresh;
    }

    private void rerun(Run run, long fromStep) {
        Run fresh = successor(run);
        // results that were put off and then void were counted but never recorded
        Mono<Opening> behind = opener.rewind(run.opening(), fromStep)
                .onErrorResume(
                        ResumeOutOfRangeException.class, beyond -> opener.rewind(run.opening(), beyond.highestStep()));
        begin(fresh, Mono.empty(), next -> behind, run.context());
    }

    /** Takes up again, as far as there are permits, what stopped for trouble that may be over. */
    void takeUpStalled() {
        for (String traceId : List.copyOf(stalled)) {
            if (!live.containsKey(traceId) && permits.tryTake()) {
                stalled.remove(traceId);
                launch(traceId, opener.held(traceId));
            }
        }
    }

    /** Tells those who listen, if the trace has ended. */
    Mono<Void> lookForEnd(String traceId) {
        Workflow<?, ?> workflow = results.workflowOf(traceId);
        if (workflow == null) {
            return Mono.empty();
        }
        return Mono.defer(() -> config.traces().load(traceId))
                .doOnNext(trace -> tellEnd(trace, workflow))
                .then();
    }

    void tellEnd(PersistedTrace trace, Workflow<?, ?> workflow) {
        String traceId = trace.head().traceId();
        Completion end = trace.completion();
        if (end == null) {
            return;
        }
        if (end.state() != CompletionState.SUCCESS) {
            results.tell(traceId, null, new WorkflowFailedException(traceId, end.state(), end.failure(), null));
            return;
        }
        try {
            Payload payload = end.result();
            results.tell(traceId, payload == null ? null : config.codec().decode(payload, workflow.outputType()), null);
        } catch (PayloadCodecException misfit) {
            results.tell(traceId, null, misfit.at(traceId, "the end"));
        }
    }

    /** Tells the trace that waits for this one how it ended; that it has ended itself is no trouble. */
    Mono<Void> announce(Run run, Completion end) {
        TraceMeta meta = run.opening().meta();
        String parent = meta.parent();
        if (parent == null
                || meta.parentNode() == null
                || !ChildWork.idOf(parent, meta.parentNode(), meta.parentGeneration())
                        .equals(run.traceId())) {
            // nobody waits for it, as for the fork of one that was waited for
            return Mono.empty();
        }
        String id = Sha256.of(run.traceId().getBytes(StandardCharsets.UTF_8)).toString();
        boolean succeeded = end.state() == CompletionState.SUCCESS;
        Intervention news = Intervention.of(
                        id,
                        meta.parentNode(),
                        succeeded ? InterventionAction.SUPPLY : InterventionAction.FAIL,
                        config.now())
                .withPayload(end.result())
                .withReason(succeeded ? null : ChildWork.reason(end))
                .withOperator(null);
        return config.traces()
                .saveIntervention(parent, news)
                .onErrorComplete(TraceCompletedException.class)
                .onErrorComplete(TraceNotFoundException.class)
                .then(Mono.fromRunnable(() -> look(parent)));
    }

    /** Cancels the traces that this one waits for, as it is about to end without them. */
    Mono<Void> cancelChildren(Run parent, CompletionState how, Failure failure) {
        String reason = "the trace that waits for it ends with " + how + ": " + failure.type();
        return Flux.fromIterable(ChildWork.underWay(parent))
                .flatMap(child -> config.traces()
                        .saveIntervention(child, Decisions.cancel(config.now(), reason))
                        .onErrorComplete(TraceCompletedException.class)
                        .onErrorComplete(TraceNotFoundException.class)
                        .then(Mono.fromRunnable(() -> look(child))))
                .then();
    }

    private void look(String traceId) {
        Run run = live.get(traceId);
        if (run != null) {
            run.look();
        }
    }

    private void tellCompleted(Run run) {
        if (config.isListenedTo()) {
            config.tell(
                    new EngineEvent.RunCompleted(run.traceId(), run.workflow().name(), took(run)));
        }
    }

    /** Of a run that was not opened little is known. */
    private void tellFailed(Run run, Throwable error) {
        if (config.isListenedTo()) {
            boolean isKnown = run.wasOpened();
            String workflow = isKnown ? run.workflow().name() : null;
            Duration took = isKnown ? took(run) : Duration.ZERO;
            config.tell(new EngineEvent.RunFailed(run.traceId(), workflow, took, error));
        }
    }

    private void tellSuspended(Run run, @Nullable Instant dueAt) {
        if (config.isListenedTo()) {
            config.tell(
                    new EngineEvent.RunSuspended(run.traceId(), run.workflow().name(), dueAt));
        }
    }

    /** Clocks of several machines may differ. */
    private Duration took(Run run) {
        Duration took = Duration.between(run.opening().startedAt(), config.now());
        return took.isNegative() ? Duration.ZERO : took;
    }

    /** How many traces are in memory. */
    int count() {
        return live.size();
    }

    /** Lets every run record what is under way and leave. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            return Mono.defer(this::stopAll).repeat(() -> !live.isEmpty()).then();
        });
    }

    private Mono<Void> stopAll() {
        List<Run> all = all();
        all.forEach(Run::stop);
        return Flux.fromIterable(all).flatMap(Run::ended).then();
    }

    boolean isClosed() {
        return closed;
    }
}
