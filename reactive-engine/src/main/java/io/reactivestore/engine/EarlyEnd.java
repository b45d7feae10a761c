package io.reactivestore.engine;

import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The end that a trace meets before its code has come to one: by a cancel or by its deadline. It is met as soon as the replay has
 * told all that is on record, and with it how the steps are taken back; nothing new begins meanwhile.
 */
final class EarlyEnd {

    private final Run run;
    private final Disposable.Swap timer = Disposables.swap();
    private volatile boolean isComing;
    private final AtomicReference<@Nullable Runnable> end = new AtomicReference<>();

    EarlyEnd(Run run) {
        this.run = run;
    }

    /** The trace is opened: is it to go on at all? */
    void opened(boolean isCancelled) {
        Instant at = at();
        isComing = isCancelled || (at != null && !at.isAfter(run.now()));
    }

    /** Nothing new is to begin. */
    boolean isComing() {
        return isComing;
    }

    /** When the trace is to end, if it is not about to end anyhow; or null. */
    @Nullable
    Instant deadline() {
        return run.isRunning() ? at() : null;
    }

    private @Nullable Instant at() {
        return run.workflow().deadline(run.opening().startedAt());
    }

    void watch() {
        Instant at = deadline();
        if (at != null) {
            Failure late = new Failure("deadline", "the trace was to end by " + at, null);
            timer.update(run.at(at, () -> begin(CompletionState.TIMED_OUT, late)));
        }
    }

    /** Takes the trace back. The first to say so says how. */
    void begin(CompletionState how, Failure failure) {
        isComing = true;
        if (end.compareAndSet(null, () -> run.unwind(how, failure, null))) {
            timer.update(run.at(run.now().plus(Unwinding.REPLAY_PATIENCE), this::meet));
            stepAsked();
        }
    }

    /** A step was asked for: it may have been the last on record that the replay had not come to. */
    void stepAsked() {
        if (end.get() != null && run.unasked().isEmpty()) {
            run.order().afterAll(this::meet);
        }
    }

    private void meet() {
        Runnable action = end.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }

    void dispose() {
        timer.dispose();
    }
}
