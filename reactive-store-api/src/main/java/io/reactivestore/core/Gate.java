package io.reactivestore.core;

import io.reactivestore.error.StoreClosedException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Counts the calls under way, so that a store can be closed behind the last of them. */
final class Gate {

    private static final int CLOSED = 1 << 31;

    private final AtomicInteger state = new AtomicInteger();
    private final Sinks.Empty<Void> empty = Sinks.empty();

    /** False if the gate is closed; else {@link #leave} must follow. */
    boolean enter() {
        int now;
        do {
            now = state.get();
            if (now < 0) {
                return false;
            }
        } while (!state.compareAndSet(now, now + 1));
        return true;
    }

    void leave() {
        if (state.decrementAndGet() == CLOSED) {
            empty.tryEmitEmpty();
        }
    }

    /** Lets a reading through the gate, each subscription for itself. */
    <T> Mono<T> guard(@Nullable String traceId, Mono<T> reading) {
        return Mono.defer(
                () -> enter() ? reading.doFinally(signal -> leave()) : Mono.error(new StoreClosedException(traceId)));
    }

    /** Lets a reading through the gate, each subscription for itself. */
    <T> Flux<T> guard(@Nullable String traceId, Flux<T> reading) {
        return Flux.defer(
                () -> enter() ? reading.doFinally(signal -> leave()) : Flux.error(new StoreClosedException(traceId)));
    }

    /** Closes the gate at once and completes when the last call has left. */
    Mono<Void> close() {
        if (state.getAndUpdate(now -> now | CLOSED) == 0) {
            empty.tryEmitEmpty();
        }
        return empty.asMono();
    }
}
