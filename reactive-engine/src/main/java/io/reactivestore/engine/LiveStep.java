package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.PositionConflictException;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A step under way: from a subscription that found no result on record until it signals or is cancelled. What it does is its
 * {@link Work}; this is what all works share: phases, decisions, records.
 *
 * <p>In the phases TURNING and RECORDING one thread at a time has the step, and only who has it takes decisions about it. In the
 * others it can be taken from what it does: by its end, by its time, by a decision, by a cancel, whichever moves it first.
 */
final class LiveStep<T> {

    /**
     * It is about to be seen what comes next; a function runs; something is waited for; a record is on its way; nothing more will
     * happen.
     */
    enum Phase {
        TURNING,
        RUNNING,
        WAITING,
        RECORDING,
        OVER
    }

    /** Guarded by {@link LiveSteps}, as are {@link #wakeAt} and {@link #turn}. */
    Phase phase = Phase.OVER;

    @Nullable
    Instant wakeAt;

    /** Rises with each turn: what was begun in an earlier one no longer counts. */
    volatile long turn;

    private final StepCall<T> call;
    private final Run run;
    private final MonoSink<T> sink;
    private final Disposable.Swap activity = Disposables.swap();
    private final AtomicReference<@Nullable Runnable> whenOver = new AtomicReference<>();
    private volatile @Nullable PersistenceEnvelope last;
    private volatile @Nullable PersistenceEnvelope effective;
    private volatile boolean marked;
    private volatile boolean unheard;
    private long number;

    LiveStep(StepCall<T> call, MonoSink<T> sink) {
        this.call = call;
        this.run = call.run();
        this.sink = sink;
    }

    String name() {
        return call.name();
    }

    String key() {
        return call.key();
    }

    Run run() {
        return run;
    }

    Type type() {
        return call.type();
    }

    /** Whether there is nothing to run again. */
    boolean isPureWait() {
        return call.work() instanceof DecisionWork
                || call.work() instanceof ChildWork
                || call.work() instanceof SleepWork;
    }

    /** Whether it was cancelled, or its run has left memory. */
    boolean isUnheard() {
        return unheard;
    }

    void begin() {
        if (unheard) {
            over(Phase.TURNING);
            return;
        }
        History.Node node = run.history().node(key());
        number = node == null ? run.history().nextStep() : node.step();
        last = node == null ? null : node.last();
        effective = node == null ? null : node.effective();
        guarded(this::goOn);
    }

    private void goOn() {
        Intervention decision = run.journal().takePending(key());
        if (decision == null) {
            call.work().begin(this, effective);
        } else {
            decide(decision);
        }
    }

    /** What a function may know of the next attempt. */
    StepContext attempt() {
        return new StepContext(run, key(), number, attemptOf(last, !marked));
    }

    /** Whether the mark that stands last was written by this very step, and not by one that died. */
    boolean isMarked() {
        return marked;
    }

    private static int attemptOf(@Nullable PersistenceEnvelope last, boolean isAnother) {
        if (last == null) {
            return 1;
        }
        return isAnother ? last.attempt() + 1 : last.attempt();
    }

    int failuresInARow() {
        History.Node node = run.history().node(key());
        return node == null ? 0 : node.failuresInARow();
    }

    /** Subscribes to what the work does; it ends unless a decision or a cancel comes first. */
    void call(Mono<T> function, BiConsumer<@Nullable T, @Nullable Throwable> end) {
        callOther(function, end);
    }

    /** As {@link #call}, for a function whose result is not the step's. */
    <R> void callOther(Mono<R> function, BiConsumer<@Nullable R, @Nullable Throwable> end) {
        if (!run.mayCall(marked)) {
            over(Phase.TURNING);
            return;
        }
        long own = turn;
        FunctionSubscriber<R> subscriber = new FunctionSubscriber<>(sink.contextView(), (value, error) -> {
            if (run.steps().moveIn(own, this, Phase.RUNNING, Phase.RECORDING)) {
                guarded(() -> end.accept(value, error));
            }
        });
        activity.update(subscriber);
        if (run.steps().move(this, Phase.TURNING, Phase.RUNNING)) {
            hearNews();
            if (!subscriber.isDisposed()) {
                function.subscribe(subscriber);
            }
        }
    }

    /** Waits until a time, or for good if there is none, unless a decision comes first. */
    void waitUntil(@Nullable Instant time, Runnable due) {
        long own = turn;
        if (run.steps().move(this, Phase.TURNING, Phase.WAITING, time)) {
            if (time != null) {
                activity.update(run.at(time, () -> {
                    if (run.steps().moveIn(own, this, Phase.WAITING, Phase.TURNING)) {
                        guarded(due);
                    }
                }));
            }
            if (!hearNews()) {
                run.waits(this);
            }
        }
    }

    /** What came while the step could not be taken from its turn. */
    private boolean hearNews() {
        if (unheard) {
            cancel();
        }
        return pokeDecision() || unheard;
    }

    /** Takes in what somebody decided about this step, unless a record is on its way: the journal tells then who was first. */
    boolean pokeDecision() {
        boolean poked = run.steps()
                .interrupt(
                        this, call.work().isInterruptible(), () -> run.journal().hasPending(key()));
        if (poked) {
            activity.update(Disposables.disposed());
            guarded(() -> decide(run.journal().takePending(key())));
        }
        return poked;
    }

    private void decide(@Nullable Intervention decision) {
        if (decision != null) {
            marked = false;
            run.steps().move(this, Phase.TURNING, Phase.RECORDING);
            write(Ruling.of(this, call.work(), decision), true);
        }
    }

    /** Runs the action if downstream goes away. */
    void whenCancelled(Disposable action) {
        sink.onCancel(action);
    }

    /** The run has left memory. */
    void abandon() {
        unheard = true;
        activity.dispose();
    }

    /** Records what became of an attempt. */
    void record(Verdict<T> verdict) {
        run.steps().move(this, Phase.TURNING, Phase.RECORDING);
        write(verdict, false);
    }

    /** What is to be recorded of a verdict. */
    PersistenceEnvelope envelope(Verdict<T> verdict) {
        PersistenceEnvelope before = last;
        boolean isAnother =
                before != null && (before.outcome() != Outcome.STARTED || verdict.outcome() == Outcome.STARTED);
        return run.envelope(
                number, key(), attemptOf(before, isAnother), verdict.outcome(), verdict.payload(), verdict.failure());
    }

    /** The work has recorded its result itself. */
    void recordedElsewhere(PersistenceEnvelope envelope, long position, Verdict<T> verdict) {
        run.journal().passed(position);
        written(envelope, verdict);
    }

    /** The work could not record its result. */
    void notRecordedElsewhere(Throwable error) {
        notWritten(error, false, () -> {
            if (run.steps().move(this, Phase.RECORDING, Phase.TURNING)) {
                guarded(this::goOn);
            }
        });
    }

    private void write(Verdict<T> verdict, boolean decided) {
        PersistenceEnvelope envelope = envelope(verdict);
        boolean mayWait = !decided && verdict.isFinal() && verdict.outcome() != Outcome.FAULT;
        RunJournal journal = run.journal();
        Runnable written = () -> written(envelope, verdict);
        Consumer<Throwable> failed = error -> notWritten(error, decided, () -> write(verdict, decided));
        if (mayWait) {
            journal.checkpoint(envelope, written, failed);
        } else {
            journal.record(envelope, decided, written, failed);
        }
    }

    private void notWritten(Throwable error, boolean decided, Runnable again) {
        if (!(error instanceof PositionConflictException)) {
            run.halt(error);
            return;
        }
        // somebody decided something meanwhile: about this step, it takes the place of what the step came to by itself,
        // but not
        // of an earlier decision, which keeps its turn
        run.journal().look().subscribe(nothing -> {}, run::halt, () -> {
            if (run.isEnded()) {
                return;
            }
            Intervention decision = decided ? null : run.journal().takePending(key());
            if (decision == null) {
                again.run();
            } else {
                guarded(() -> decide(decision));
            }
        });
    }

    private void written(PersistenceEnvelope envelope, Verdict<T> verdict) {
        run.recorded(envelope);
        last = envelope;
        marked = verdict.outcome() == Outcome.STARTED;
        if (!Remark.REFUSED.equals(Remark.of(envelope))) {
            effective = envelope;
        }
        call.recorded(verdict);
        if (!verdict.isFinal() && !unheard && !run.isClosed()) {
            if (run.steps().move(this, Phase.RECORDING, Phase.TURNING)) {
                guarded(this::goOn);
            }
        } else if (run.steps().leave(this)) {
            activity.dispose();
            tellWaiting();
            if (verdict.isFinal() && !unheard && !run.isClosed()) {
                call.signal(sink, verdict);
            }
            run.steps().rest();
            run.stepOver(key());
        }
    }

    /** Downstream went away: the function stops; a record that is on its way is written unheard. */
    void cancel() {
        unheard = true;
        if (!over(Phase.WAITING) && call.work().isInterruptible()) {
            over(Phase.RUNNING);
        }
    }

    private boolean over(Phase from) {
        boolean isOver = run.steps().move(this, from, Phase.OVER);
        if (isOver) {
            activity.dispose();
            tellWaiting();
            run.stepOver(key());
        }
        return isOver;
    }

    /** Runs the action once a cancelled step is over; gives false if it is. Doing the work again meanwhile would do it twice. */
    boolean ifEnding(Runnable action) {
        if (!unheard || run.steps().isOver(this)) {
            return false;
        }
        whenOver.accumulateAndGet(
                action,
                (before, added) -> before == null
                        ? added
                        : () -> {
                            before.run();
                            action.run();
                        });
        if (run.steps().isOver(this)) {
            tellWaiting();
        }
        return true;
    }

    private void tellWaiting() {
        Runnable waiting = whenOver.getAndSet(null);
        if (waiting != null) {
            waiting.run();
        }
    }

    /** Mistakes that the engine finds stop the run; user code does not see them. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (EngineException mistake) {
            run.halt(mistake);
        } catch (Throwable unexpected) {
            run.halt(new StepBrokenException(run.traceId(), key(), unexpected));
            Exceptions.throwIfFatal(unexpected);
        }
    }
}
