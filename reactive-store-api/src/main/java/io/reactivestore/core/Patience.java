package io.reactivestore.core;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import reactor.core.scheduler.Scheduler;

/** Says when it is enough of waiting for somebody. One timer serves one wait after the other, as setting one wakes a thread. */
final class Patience {

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Scheduler scheduler;
    private final BooleanSupplier isWaiting;
    private final Runnable lost;
    private final AtomicBoolean looks = new AtomicBoolean();
    private volatile long since;

    /**
     * @param isWaiting whether a wait is under way; it may begin and end on any thread
     * @param lost is run when one takes too long
     */
    Patience(Scheduler scheduler, BooleanSupplier isWaiting, Runnable lost) {
        this.scheduler = scheduler;
        this.isWaiting = isWaiting;
        this.lost = lost;
    }

    /** A wait has begun. */
    void begin() {
        since = now();
        if (!looks.get() && looks.compareAndSet(false, true)) {
            lookIn(NANOS);
        }
    }

    private void lookIn(long nanos) {
        try {
            scheduler.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException schedulersAreStopped) {
            looks.set(false);
        }
    }

    private void look() {
        long left = NANOS - (now() - since);
        if (isWaiting.getAsBoolean() && left > 0) {
            lookIn(Math.min(left, NANOS)); // the clock may have been set back
            return;
        }
        looks.set(false);
        lost.run();
        if (isWaiting.getAsBoolean() && now() - since < NANOS && looks.compareAndSet(false, true)) {
            lookIn(NANOS); // one began while this looked away
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
