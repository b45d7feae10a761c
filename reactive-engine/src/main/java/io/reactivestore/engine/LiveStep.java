package io.reactivestore.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** One attempt under way: its function runs, or a person is waited for, until it records or is cancelled, whichever is first. */
final class LiveStep {

    private enum Phase {
        RUNNING,
        RECORDING,
        CANCELLED
    }

    private final LiveSteps steps;
    private final String name;
    private final boolean waits;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RUNNING);
    private final AtomicBoolean left = new AtomicBoolean();

    LiveStep(LiveSteps steps, String name, boolean waits) {
        this.steps = steps;
        this.name = name;
        this.waits = waits;
        if (!waits) {
            steps.work(1);
        }
    }

    /** Gives false if the attempt was cancelled. */
    boolean beginRecording() {
        if (!phase.compareAndSet(Phase.RUNNING, Phase.RECORDING)) {
            return false;
        }
        if (waits) {
            steps.work(1);
        }
        return true;
    }

    void recorded() {
        leave();
        steps.work(-1);
    }

    void cancel() {
        leave();
        if (phase.compareAndSet(Phase.RUNNING, Phase.CANCELLED) && !waits) {
            steps.work(-1);
        }
    }

    private void leave() {
        if (left.compareAndSet(false, true)) {
            steps.leave(name);
        }
    }
}
