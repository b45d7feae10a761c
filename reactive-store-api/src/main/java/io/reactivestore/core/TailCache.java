package io.reactivestore.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tails of the traces used last, bounded by weight. A tail grows only while it is pinned; a pinned tail weighs nothing and
 * stays. Confined to a lane.
 */
final class TailCache {

    private final Map<String, TraceFold> tails = new LinkedHashMap<>(16, 0.75f, true);
    private final long maxWeight;
    private long weight;

    TailCache(long maxWeight) {
        this.maxWeight = maxWeight;
    }

    @Nullable
    TraceFold get(String traceId) {
        return tails.get(traceId);
    }

    /** Remembers a tail instead of the one that is remembered of its trace, if any; none of them may be pinned. */
    void put(TraceFold tail) {
        TraceFold before = tails.put(tail.traceId(), tail);
        weight += tail.weight() - (before == null ? 0 : before.weight());
    }

    /** Remembers a tail that is about to grow. */
    void pin(TraceFold tail) {
        if (tails.put(tail.traceId(), tail) == tail) {
            weight -= tail.weight();
        }
    }

    void unpin(TraceFold tail) {
        weight += tail.weight();
    }

    /** Forgets a tail that is not pinned. */
    void forget(TraceFold tail) {
        if (tails.remove(tail.traceId(), tail)) {
            weight -= tail.weight();
        }
    }

    /** Forgets a pinned tail. */
    void remove(TraceFold tail) {
        tails.remove(tail.traceId());
    }

    /**
     * Lets the eldest go until the rest fits. Not part of {@link #put}: a tail that was just read for its requests must outlive
     * them, however small the cache is.
     */
    void trim() {
        Iterator<TraceFold> eldest = tails.values().iterator();
        while (weight > maxWeight && eldest.hasNext()) {
            TraceFold tail = eldest.next();
            if (tail.slot == null) {
                weight -= tail.weight();
                eldest.remove();
            }
        }
    }
}
