package io.reactivestore.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tails of the traces used last, bounded by weight. A tail changes only while it is out of the cache. Confined to a lane. */
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

    @Nullable
    TraceFold take(String traceId) {
        TraceFold tail = tails.remove(traceId);
        if (tail != null) {
            weight -= tail.weight();
        }
        return tail;
    }

    void put(TraceFold tail) {
        take(tail.traceId());
        tails.put(tail.traceId(), tail);
        weight += tail.weight();
    }

    /**
     * Lets the eldest go until the rest fits. Not part of {@link #put}: a tail that was just read for its requests must outlive
     * them, however small the cache is.
     */
    void trim() {
        Iterator<TraceFold> eldest = tails.values().iterator();
        while (weight > maxWeight && eldest.hasNext()) {
            weight -= eldest.next().weight();
            eldest.remove();
        }
    }
}
