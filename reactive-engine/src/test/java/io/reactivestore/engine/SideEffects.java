package io.reactivestore.engine;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The world outside: counts what was done to it. */
final class SideEffects {

    private final Map<String, Integer> done = new ConcurrentHashMap<>();
    private final VirtualTimeScheduler time;

    SideEffects() {
        this(VirtualTimeScheduler.create());
    }

    SideEffects(VirtualTimeScheduler time) {
        this.time = time;
    }

    <T> Mono<T> does(String what, T result) {
        return Mono.fromSupplier(() -> {
            done.merge(what, 1, Integer::sum);
            return result;
        });
    }

    <T> Mono<T> fails(String what) {
        return does(what, 1).then(Mono.error(() -> new IllegalStateException(what + " went wrong")));
    }

    /** Begins at once and takes some seconds of virtual time. */
    <T> Mono<T> takes(int seconds, String what, T result) {
        return does(what, result).delayElement(Duration.ofSeconds(seconds), time);
    }

    void passTime() {
        time.advanceTimeBy(Duration.ofMinutes(1));
    }

    int times(String what) {
        return done.getOrDefault(what, 0);
    }

    Map<String, Integer> all() {
        return new TreeMap<>(done);
    }
}
