package io.reactivestore.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** Bounds how many traces are live. Who finds none free waits in turn, for a while. */
final class Permits {

    private final class Waiter {
        private final MonoSink<Void> sink;
        private final Runnable owned;
        private final AtomicBoolean served = new AtomicBoolean();
        private volatile @Nullable Disposable timer;

        Waiter(MonoSink<Void> sink, Runnable owned) {
            this.sink = sink;
            this.owned = owned;
        }

        boolean serve() {
            if (!served.compareAndSet(false, true)) {
                return false;
            }
            disposeTimer();
            owned.run();
            sink.success();
            return true;
        }

        void goAway() {
            if (served.compareAndSet(false, true)) {
                forget(this);
                disposeTimer();
            }
        }

        private void disposeTimer() {
            Disposable running = timer;
            if (running != null) {
                running.dispose();
            }
        }

        void giveUp() {
            if (served.compareAndSet(false, true)) {
                forget(this);
                sink.error(new EngineOverloadedException(max, maxWait));
            }
        }
    }

    private final int max;
    private final Duration maxWait;
    private final Scheduler scheduler;
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private int taken;

    Permits(int max, Duration maxWait, Scheduler scheduler) {
        this.max = max;
        this.maxWait = maxWait;
        this.scheduler = scheduler;
    }

    /**
     * Completes once a permit is taken, or signals {@link EngineOverloadedException}.
     *
     * @param owned is run first then, so that the permit has an owner even if the caller has just gone away
     */
    Mono<Void> take(Runnable owned) {
        return Mono.create(sink -> {
            if (tryTake()) {
                owned.run();
                sink.success();
                return;
            }
            Waiter waiter = new Waiter(sink, owned);
            sink.onDispose(waiter::goAway);
            waiter.timer = scheduler.schedule(waiter::giveUp, maxWait.toMillis(), TimeUnit.MILLISECONDS);
            boolean free;
            synchronized (this) {
                free = taken < max;
                if (free) {
                    taken++;
                } else {
                    waiting.add(waiter);
                }
            }
            if (free && !waiter.serve()) {
                giveBack();
            }
        });
    }

    synchronized boolean tryTake() {
        if (taken < max && waiting.isEmpty()) {
            taken++;
            return true;
        }
        return false;
    }

    synchronized int free() {
        return waiting.isEmpty() ? max - taken : 0;
    }

    /** Hands the permit to the next who waits. */
    void giveBack() {
        while (true) {
            Waiter next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    taken--;
                    return;
                }
            }
            if (next.serve()) {
                return;
            }
        }
    }

    private synchronized void forget(Waiter waiter) {
        waiting.remove(waiter);
    }
}
