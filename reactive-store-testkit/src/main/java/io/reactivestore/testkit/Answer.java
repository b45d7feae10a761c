package io.reactivestore.testkit;

import io.reactivestore.error.StoreException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * How a call ended: with a value, with none, or with a refusal.
 *
 * @param value what it emitted, or null
 * @param refusal what it signalled, or null
 */
record Answer(@Nullable Object value, @Nullable StoreException refusal) {

    private static final Answer EMPTY = new Answer(null, null);
    private static final int RACERS = 8;

    static Answer of(@Nullable Object value) {
        return new Answer(value, null);
    }

    static Answer refused(StoreException refusal) {
        return new Answer(null, refusal);
    }

    /** Other errors than the store's own stay errors: no call may signal them. */
    static Mono<Answer> to(Mono<?> call) {
        return call.map(Answer::of)
                .defaultIfEmpty(EMPTY)
                .onErrorResume(StoreException.class, error -> Mono.just(refused(error)));
    }

    /** Subscribes to all calls at once, on several threads; gives the answers in the order of the calls. */
    static List<Answer> together(List<? extends Mono<?>> calls) {
        Scheduler racers = Schedulers.newParallel("racer", RACERS, true);
        try {
            Sinks.Empty<Void> start = Sinks.empty();
            var answers = Flux.fromIterable(calls)
                    .flatMapSequential(
                            call -> start.asMono().publishOn(racers).then(to(call)), Math.max(1, calls.size()))
                    .collectList()
                    .toFuture();
            start.tryEmitEmpty();
            return answers.get(Subject.HANG.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the calls did not all end with an answer", e);
        } finally {
            racers.dispose();
        }
    }

    boolean isAccepted() {
        return refusal == null;
    }

    boolean isRefusedWith(Class<? extends StoreException> type) {
        return type.isInstance(refusal);
    }

    /** The position a call emitted. */
    long position() {
        return (Long) Objects.requireNonNull(value, "no position was emitted");
    }

    /** Equal if the value is equal, or the exception in type and all its fields, each of which stands in its message. */
    boolean isLike(Answer other) {
        return Objects.equals(value, other.value) && Objects.equals(toString(), other.toString());
    }

    @Override
    public String toString() {
        return refusal == null
                ? String.valueOf(value)
                : refusal.getClass().getSimpleName() + " of " + refusal.traceId() + ": " + refusal.getMessage();
    }
}
