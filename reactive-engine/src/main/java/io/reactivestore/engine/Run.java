package io.reactivestore.engine;

import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.transactions.Transactions;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** One run of one trace in this engine, from the moment it is opened until it leaves memory, in one of the ways of {@link RunEnd}. */
class Run {

    private enum State {
        OPENING,
        RUNNING,
        /** The body has come to its end, which is about to be recorded. */
        CONCLUDING,
        /** The body is replayed up to where it failed, so that the steps say how they are taken back. */
        REPLAYING,
        /** Only steps that take others back begin. */
        UNWINDING,
        /** What is under way comes to its end and may bring the body to its own; no step begins any more. */
        STOPPING,
        /** What is under way comes to its end, which the body no longer hears. */
        CLOSING,
        ENDED
    }

    private final String traceId;
    private final EngineConfig config;
    private final Runs runs;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPENING);
    private final History history = new History();
    private final ReplayOrder order = new ReplayOrder();
    private final LiveSteps steps = new LiveSteps();
    private final Idleness idleness;
    private final Unwinding unwinding;
    private final Conclusion conclusion;
    private final EarlyEnd earlyEnd;
    private final Steering steering;
    private final SnapshotTaking snapshots;
    private final Set<String> unasked = ConcurrentHashMap.newKeySet();
    private final Disposable.Swap body = Disposables.swap();
    private final Sinks.One<Opening> opened = Sinks.one();
    private final Sinks.One<RunEnd> ended = Sinks.one();
    private volatile @Nullable Opening opening;
    private volatile @Nullable RunJournal journal;
    private volatile ContextView context = Context.empty();
    private volatile boolean held;
    private final AtomicBoolean permit = new AtomicBoolean();
    private long quietSince = -1;

    Run(String traceId, EngineConfig config, Runs runs) {
        this.traceId = traceId;
        this.config = config;
        this.runs = runs;
        this.idleness = new Idleness(this, steps);
        this.unwinding = new Unwinding(this);
        this.conclusion = new Conclusion(this);
        this.earlyEnd = new EarlyEnd(this);
        this.steering = new Steering(this);
        this.snapshots = new SnapshotTaking(traceId, config);
    }

    /** Emits once what is on record is known. */
    Mono<Opening> opened() {
        return opened.asMono();
    }

    /** Emits once the run has left memory. */
    Mono<RunEnd> ended() {
        return ended.asMono();
    }

    void start(Opening found, ContextView subscriber) {
        context = ContextKeys.restore(config, found.meta(), subscriber);
        RunJournal own = new RunJournal(
                traceId,
                config.journal(),
                found.workflow().traits().checkpoints().every(),
                steering::foreign,
                this::look);
        opening = found;
        journal = own;
        own.open(found.trace(), found.meta().since(traceId));
        snapshots.opened(found.trace().position());
        history.addAll(found.trace().envelopes());
        if (!found.isNew()) {
            unasked.addAll(history.keys());
        }
        earlyEnd.opened(own.hasPending(Intervention.TRACE));
        boolean unwinds = unwinding.wasBegun();
        if (state.compareAndSet(State.OPENING, unwinds ? State.REPLAYING : State.RUNNING)) {
            opened.tryEmitValue(found);
            if (config.isListenedTo()) {
                Workflow<?, ?> workflow = found.workflow();
                config.tell(new EngineEvent.RunStarted(
                        traceId,
                        workflow.name(),
                        workflow.version(),
                        found.trace().resumptionCount()));
            }
            if (runs.isClosed()) {
                halt(new EngineClosedException(traceId));
            } else if (unwinds) {
                unwinding.goOn();
            } else if (!steering.goesBack()) {
                beginBody();
                earlyEnd.watch();
                own.pendingNodes().forEach(steering::consider);
            }
        }
    }

    void beginBody() {
        Workflow<?, ?> workflow = workflow();
        Object input;
        try {
            input = decode(History.START, opening().input(), workflow.inputType());
        } catch (PayloadCodecException misfit) {
            halt(misfit);
            return;
        }
        FunctionSubscriber<Object> subscriber = new FunctionSubscriber<>(context, this::bodyEnded);
        body.update(subscriber);
        order.first(() -> Mono.<Object>defer(() -> workflow.invoke(new WorkflowContext(this), input))
                .subscribe(subscriber));
    }

    private void bodyEnded(@Nullable Object value, @Nullable Throwable error) {
        if (state.get() == State.REPLAYING) {
            unwinding.bodyEnded();
        } else if (error != null && workflow().traits().autoComplete()) {
            unwind(CompletionState.FAULT, Conclusion.failureOf(error), error);
        } else if (state.compareAndSet(State.RUNNING, State.CONCLUDING)
                || state.compareAndSet(State.STOPPING, State.CONCLUDING)) {
            steps.whenQuiet(() -> conclusion.of(value, error));
        }
    }

    /** Takes the trace back: what it did, in reverse, and then its end. */
    void unwind(CompletionState how, Failure failure, @Nullable Throwable cause) {
        if (state.compareAndSet(State.RUNNING, State.CLOSING)) {
            body.dispose();
            steps.whenQuiet(() -> {
                if (runs.isClosed()) {
                    flush(() -> halt(new EngineClosedException(traceId)));
                } else if (state.compareAndSet(State.CLOSING, State.UNWINDING)) {
                    unwinding.begin(how, failure, cause);
                }
            });
        }
    }

    /** The replay has told what it had to tell. Gives false if it was over already. */
    boolean endsReplay() {
        boolean ends = state.compareAndSet(State.REPLAYING, State.UNWINDING);
        if (ends) {
            body.dispose();
        }
        return ends;
    }

    /** Lets what is under way come to its end and be recorded, and starts nothing more. */
    void stop() {
        Runnable leave = () -> flush(() -> halt(new EngineClosedException(traceId)));
        if (state.compareAndSet(State.RUNNING, State.STOPPING)) {
            steps.whenQuiet(() -> {
                if (state.compareAndSet(State.STOPPING, State.CLOSING)) {
                    leave.run();
                }
            });
        } else if (state.compareAndSet(State.UNWINDING, State.CLOSING)
                || state.compareAndSet(State.REPLAYING, State.CLOSING)) {
            steps.whenQuiet(leave);
        } else if (state.get() == State.OPENING) {
            halt(new EngineClosedException(traceId));
        }
    }

    /** Goes back behind a step, as soon as what is on its way to the journal is there. */
    void rewind(long fromStep) {
        if (state.compareAndSet(State.RUNNING, State.CLOSING) || state.compareAndSet(State.UNWINDING, State.CLOSING)) {
            body.dispose();
            steps.whenQuiet(() -> flush(() -> end(new RunEnd.Rewound(fromStep))));
        }
    }

    /** Lets the trace go on with a state, as soon as what is on its way to the journal is there. */
    void goOnWith(Payload carried) {
        if (state.compareAndSet(State.RUNNING, State.CLOSING)) {
            body.dispose();
            steps.whenQuiet(() -> flush(() -> new Continuation(this, carried).write()));
        }
    }

    /** This run goes on with the trace where another one of this engine left it. */
    void follows(Run before) {
        snapshots.follow(before.snapshots);
    }

    private void flush(Runnable then) {
        journal().flush(then, error -> conclusion.notWritten(error, () -> flush(then)));
    }

    /** Whether the run may leave memory: it is not about to end or to go back, and nothing is decided that it can take in. */
    boolean mayLeave() {
        State now = state.get();
        return (now == State.RUNNING && !steering.hasNews()) || now == State.UNWINDING;
    }

    /** Reads what others wrote. */
    void look() {
        RunJournal own = journal;
        if (own != null && state.get() != State.ENDED) {
            own.look().subscribe(nothing -> {}, this::halt);
        }
    }

    /** Stops the run at once and leaves the trace open. User code does not see it. */
    void halt(Throwable why) {
        if (why instanceof ClaimLostException) {
            end(new RunEnd.Lost(why), why);
        } else if (why instanceof TraceCompletedException) {
            end(new RunEnd.EndedElsewhere(), why);
        } else {
            end(new RunEnd.Halted(why), why);
        }
    }

    /** Gives false if it has left memory already. */
    boolean end(RunEnd how) {
        return end(how, null);
    }

    private boolean end(RunEnd how, @Nullable Throwable why) {
        if (state.getAndSet(State.ENDED) == State.ENDED) {
            return false;
        }
        steps.close();
        body.dispose();
        earlyEnd.dispose();
        idleness.dispose();
        unwinding.dispose();
        steps.all().forEach(LiveStep::abandon);
        runs.ended(this, how);
        if (why == null) {
            opened.tryEmitEmpty();
        } else {
            opened.tryEmitError(why);
        }
        ended.tryEmitValue(how);
        return true;
    }

    /** It was not for this engine to run it. */
    void leaveIfOpening() {
        if (state.get() == State.OPENING) {
            end(new RunEnd.NotHere());
        }
    }

    /** Tells what was found of a trace that is not for this engine to run. */
    void found(Opening there) {
        opened.tryEmitValue(there);
    }

    boolean wasOpened() {
        return opening != null;
    }

    /** The trace is this engine's before the run is opened: those who listen to it hear of trouble. */
    void hold() {
        held = true;
    }

    boolean wasHeld() {
        return held;
    }

    boolean isRunning() {
        return state.get() == State.RUNNING;
    }

    boolean isUnwinding() {
        return state.get() == State.UNWINDING;
    }

    /** The body has come to its end, which is not to be recorded after all. */
    boolean goesOnInsteadOfEnding() {
        return state.compareAndSet(State.CONCLUDING, State.RUNNING);
    }

    boolean isEnded() {
        return state.get() == State.ENDED;
    }

    /** It may have ended while it waited for the permit. */
    void hasPermit() {
        permit.set(true);
        if (isEnded() && givesPermitBack()) {
            runs.giveBackPermit();
        }
    }

    boolean givesPermitBack() {
        return permit.getAndSet(false);
    }

    /** Whether nothing has changed since the last time this was asked. */
    boolean isQuiet() {
        long changes = steps.changes();
        State now = state.get();
        boolean quiet = (now == State.RUNNING || now == State.UNWINDING) && changes == quietSince;
        quietSince = changes;
        return quiet;
    }

    /** Looks if there is something it has not seen. */
    void lookBehind(long position) {
        RunJournal own = journal;
        if (own != null && position > own.seen()) {
            look();
        }
    }

    boolean enter(LiveStep<?> step) {
        State now = state.get();
        boolean mayEnter = (now == State.RUNNING && !earlyEnd.isComing())
                || (now == State.UNWINDING && Unwinding.isUndo(step.key()));
        if (!mayEnter) {
            return false;
        }
        return switch (steps.enter(step)) {
            case ENTERED -> true;
            case CLOSED -> false;
            case TWIN -> {
                halt(new DuplicateStepException(traceId, step.name()));
                yield false;
            }
        };
    }

    /** Whether the body does not hear of steps any more. */
    boolean isClosed() {
        State now = state.get();
        return now == State.CONCLUDING || now == State.CLOSING || now == State.ENDED;
    }

    /** Whether a function may be called. One whose call is on record already is not left in doubt. */
    boolean mayCall(boolean marked) {
        return !isClosed() && (marked || state.get() != State.STOPPING);
    }

    /** The steps on record that the code has not asked for. */
    Set<String> unasked() {
        unasked.removeIf(key -> key.indexOf('$') >= 0);
        return Set.copyOf(unasked);
    }

    /** An attempt of a step with what is to stand around it; the engine's own steps do nothing that is worth it. */
    <T> Mono<T> around(StepContext step, Mono<T> attempt) {
        StepAround around = config.around();
        return around == null || step.key().indexOf('$') >= 0
                ? attempt
                : Mono.defer(() -> around.around(workflow().name(), step, attempt));
    }

    /** Whether what the code tells is recorded. */
    boolean recordsProgress() {
        return workflow().traits().recordsProgress(traceId);
    }

    void asked(String key) {
        if (!unasked.isEmpty()) {
            unasked.remove(key);
        }
    }

    void waits(LiveStep<?> step) {
        if (config.isListenedTo()) {
            config.tell(new EngineEvent.Waiting(traceId, step.key()));
        }
        idleness.stepChanged();
    }

    void stepOver(String key) {
        if (journal().hasPending(key)) {
            steering.consider(key);
        }
        idleness.stepChanged();
    }

    /** What was read for the code is told. */
    void restored() {
        steps.rest();
        idleness.stepChanged();
    }

    void recorded(PersistenceEnvelope envelope) {
        history.add(envelope);
        snapshots.recorded();
        tellRecorded(envelope, false);
    }

    void tellRecorded(PersistenceEnvelope envelope, boolean replayed) {
        if (config.isListenedTo()) {
            config.tell(new EngineEvent.StepRecorded(
                    traceId,
                    envelope.workflow(),
                    envelope.step(),
                    envelope.nodeId(),
                    envelope.attempt(),
                    envelope.outcome(),
                    replayed));
        }
    }

    PersistenceEnvelope envelope(
            long step, String key, int attempt, Outcome outcome, @Nullable Payload payload, @Nullable Failure failure) {
        Workflow<?, ?> workflow = workflow();
        return new PersistenceEnvelope(
                traceId,
                workflow.name(),
                workflow.version(),
                step,
                key,
                attempt,
                outcome,
                now(),
                payload,
                null,
                failure);
    }

    /** Schedules an action. One that is late by then is done at once. */
    Disposable at(Instant time, Runnable action) {
        return config.at(time, action);
    }

    Payload encode(String key, @Nullable Object value, Type type) {
        try {
            return config.codec().encode(value, type);
        } catch (PayloadCodecException misfit) {
            throw misfit.at(traceId, key);
        }
    }

    @Nullable
    Object decode(String key, @Nullable Payload payload, Type type) {
        try {
            return payload == null ? null : config.codec().decode(payload, type);
        } catch (PayloadCodecException misfit) {
            throw misfit.at(traceId, key);
        }
    }

    Instant now() {
        return config.clock().instant();
    }

    double random() {
        return config.random().getAsDouble();
    }

    Scheduler scheduler() {
        return config.scheduler();
    }

    PayloadCodec codec() {
        return config.codec();
    }

    EngineConfig config() {
        return config;
    }

    <C> Transactions<C> transactions(Class<C> connection) {
        return config.transactions(connection);
    }

    Runs runs() {
        return runs;
    }

    String traceId() {
        return traceId;
    }

    ContextView context() {
        return context;
    }

    History history() {
        return history;
    }

    ReplayOrder order() {
        return order;
    }

    LiveSteps steps() {
        return steps;
    }

    Unwinding unwinding() {
        return unwinding;
    }

    EarlyEnd earlyEnd() {
        return earlyEnd;
    }

    Steering steering() {
        return steering;
    }

    Conclusion conclusion() {
        return conclusion;
    }

    RunJournal journal() {
        return Objects.requireNonNull(journal);
    }

    Opening opening() {
        return Objects.requireNonNull(opening);
    }

    Workflow<?, ?> workflow() {
        return opening().workflow();
    }
}
