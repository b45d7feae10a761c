package io.reactivestore.core;

import io.reactivestore.spi.TraceAppend;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Wakes those who follow a trace as soon as this store has written to it; what other processes write they find at an interval.
 * Costs a look at an empty map while nobody follows.
 */
final class Followers {

    /** One who follows a trace. */
    static final class Follower {
        private final String traceId;
        private volatile Sinks.Empty<Void> news = Sinks.empty();

        private Follower(String traceId) {
            this.traceId = traceId;
        }

        /** To be called before a page is read: what is written from here on is news behind that page. */
        void listen() {
            news = Sinks.empty();
        }

        /** Completes at the next news. */
        Mono<Void> news() {
            return Mono.defer(() -> news.asMono());
        }
    }

    private final Map<String, Set<Follower>> byTrace = new ConcurrentHashMap<>();

    Follower enter(String traceId) {
        Follower follower = new Follower(traceId);
        byTrace.compute(traceId, (id, known) -> {
            Set<Follower> all = known == null ? ConcurrentHashMap.newKeySet(1) : known;
            all.add(follower);
            return all;
        });
        return follower;
    }

    void leave(Follower follower) {
        byTrace.computeIfPresent(follower.traceId, (id, all) -> all.remove(follower) && all.isEmpty() ? null : all);
    }

    /** Tells of a batch that has become durable but for the traces left out. */
    void tell(List<TraceAppend> batch, Set<String> leftOut) {
        if (byTrace.isEmpty()) {
            return;
        }
        for (TraceAppend append : batch) {
            Set<Follower> all = byTrace.get(append.traceId());
            if (all != null && !leftOut.contains(append.traceId())) {
                all.forEach(follower -> follower.news.tryEmitEmpty());
            }
        }
    }
}
