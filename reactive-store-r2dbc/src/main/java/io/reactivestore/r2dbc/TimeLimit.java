package io.reactivestore.r2dbc;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Ends what takes too long, an eighth of its time too late at most. One timer looks after all that is under way: with a timer
 * for each use of a connection, a lone caller's appends wake the timers' thread as often as the database does.
 */
final class TimeLimit {

    private static final int LOOKS = 8;

    private final Duration limit;
    private final Set<Watched<?>> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looks = new AtomicBoolean();
    private volatile boolean usedSinceLook;

    TimeLimit(Duration limit) {
        this.limit = limit;
    }

    /**
     * Signals {@link TimeoutException} if the source has not ended in time, and cancels it.
     *
     * @param tooLate takes a value that comes when nobody waits for it any more
     */
    <T> Mono<T> on(Mono<T> source, Consumer<T> tooLate) {
        return Mono.create(caller -> {
            Watched<T> watched = new Watched<>(caller, tooLate);
            caller.onCancel(watched);
            underWay.add(watched);
            usedSinceLook = true;
            if (!looks.get() && looks.compareAndSet(false, true)) {
                lookLater();
            }
            source.subscribe(watched);
        });
    }

    private void lookLater() {
        try {
            Schedulers.parallel().schedule(this::look, limit.toNanos() / LOOKS, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException schedulersAreStopped) {
            looks.set(false);
            throw schedulersAreStopped;
        }
    }

    private void look() {
        long now = System.nanoTime();
        underWay.forEach(watched -> watched.look(now));
        if (usedSinceLook || !underWay.isEmpty()) {
            usedSinceLook = false;
            lookLater();
        } else {
            looks.set(false);
            if (usedSinceLook && looks.compareAndSet(false, true)) {
                lookLater();
            }
        }
    }

    private final class Watched<T> extends BaseSubscriber<T> {

        private final MonoSink<T> caller;
        private final Consumer<T> tooLate;
        private final long begun = System.nanoTime();
        private final AtomicBoolean over = new AtomicBoolean();

        Watched(MonoSink<T> caller, Consumer<T> tooLate) {
            this.caller = caller;
            this.tooLate = tooLate;
        }

        private boolean end() {
            underWay.remove(this);
            return over.compareAndSet(false, true);
        }

        void look(long now) {
            if (now - begun >= limit.toNanos() && end()) {
                cancel();
                caller.error(new TimeoutException("not done within " + limit));
            }
        }

        @Override
        protected void hookOnNext(T value) {
            if (end()) {
                caller.success(value);
            } else {
                tooLate.accept(value);
            }
        }

        @Override
        protected void hookOnComplete() {
            if (end()) {
                caller.success();
            }
        }

        @Override
        protected void hookOnError(Throwable error) {
            if (end()) {
                caller.error(error);
            }
        }

        @Override
        protected void hookOnCancel() {
            end();
        }

        @Override
        public Context currentContext() {
            return Context.of(caller.contextView());
        }
    }
}
