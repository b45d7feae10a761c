package io.reactivestore.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Tells those who listen at the moment, from any thread; who is too slow misses what he is too slow for. Not part of the public
 * contract.
 *
 * <pre>{@code
 * Broadcast<String> hints = new Broadcast<>();
 * Flux<String> heard = hints.listen();
 * hints.tell("order-42");
 * }</pre>
 *
 * @param <T> what is told
 */
public final class Broadcast<T> {

    private final Set<FluxSink<T>> listeners = ConcurrentHashMap.newKeySet();

    /** Makes a broadcast nobody listens to. */
    public Broadcast() {}

    /**
     * Tells it to all who listen.
     *
     * @param news what to tell
     */
    public void tell(T news) {
        listeners.forEach(listener -> listener.next(news));
    }

    /**
     * Listens.
     *
     * @return what is told from the subscription on; never ends
     */
    public Flux<T> listen() {
        return Flux.create(
                listener -> {
                    listeners.add(listener);
                    listener.onDispose(() -> listeners.remove(listener));
                },
                FluxSink.OverflowStrategy.DROP);
    }
}
