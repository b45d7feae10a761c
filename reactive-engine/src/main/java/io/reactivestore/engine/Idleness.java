package io.reactivestore.engine;

import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Lets a run that does nothing but wait leave memory: after a while without any change, and if nothing is due soon. The code
 * between two steps is not seen, hence the while.
 */
final class Idleness {

    private final Run run;
    private final LiveSteps steps;
    private final AtomicBoolean watching = new AtomicBoolean();
    private final Disposable.Swap timer = Disposables.swap();

    Idleness(Run run, LiveSteps steps) {
        this.run = run;
        this.steps = steps;
    }

    void stepChanged() {
        if (steps.isWaiting() && watching.compareAndSet(false, true)) {
            watch();
        }
    }

    void dispose() {
        timer.dispose();
    }

    private void watch() {
        long changes = steps.changes();
        timer.update(run.at(run.now().plus(run.config().suspendAfter()), () -> check(changes)));
    }

    private void check(long changes) {
        if (!steps.isWaiting()) {
            watching.set(false);
            stepChanged();
        } else if (steps.changes() != changes) {
            watch();
        } else if (isDueSoon(nextWake())) {
            // its timer is about to fire, which is a change
            watch();
        } else {
            suspend(changes, nextWake());
        }
    }

    private @Nullable Instant nextWake() {
        Instant wake = steps.nextWake();
        Instant end = run.earlyEnd().deadline();
        return wake == null || (end != null && end.isBefore(wake)) ? end : wake;
    }

    private boolean isDueSoon(@Nullable Instant wake) {
        return wake != null && !wake.isAfter(run.now().plus(run.config().suspendAfter()));
    }

    private void suspend(long changes, @Nullable Instant wake) {
        // what is decided from here on is found by the store; what was decided before by the run
        long seen = run.journal().seen();
        if (!run.mayLeave()) {
            watch();
            return;
        }
        JournalEvent event = new JournalEvent.Suspended(wake, run.now());
        run.journal().writeAfter(seen, event, List.of(), at -> suspended(changes, wake, at), this::notSuspended);
    }

    private void suspended(long changes, @Nullable Instant wake, long position) {
        if (!steps.closeIfUnchanged(changes)) {
            goOnAfterAll(position);
            watch();
        } else if (!run.end(new RunEnd.Suspended(wake))) {
            goOnAfterAll(position);
        }
    }

    /** What is on record as waiting goes on, in this run or the one that follows it: a crash must find it so. */
    private void goOnAfterAll(long suspendedAt) {
        if (run.runs().find(run.traceId()) != null) {
            List<JournalEvent> claim =
                    List.of(new JournalEvent.Claimed(run.config().name(), run.now()));
            run.config().journal().append(run.traceId(), suspendedAt, claim).subscribe(position -> {}, error -> {
                if (error instanceof PositionConflictException) {
                    run.look();
                } else {
                    run.halt(error);
                }
            });
        }
    }

    private void notSuspended(Throwable error) {
        if (error instanceof PositionConflictException) {
            run.look();
            watch();
        } else {
            run.halt(error);
        }
    }
}
