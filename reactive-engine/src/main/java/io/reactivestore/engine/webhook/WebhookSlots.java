package io.reactivestore.engine.webhook;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many deliveries may be under way: in all, and to each endpoint, so that one that is slow leaves room for the others. One look
 * at a time takes slots; they are given back at any time, so there is never less room than a look has seen.
 */
final class WebhookSlots {

    private final int max;
    private final int maxEach;
    private final AtomicInteger taken = new AtomicInteger();
    private final Map<String, AtomicInteger> takenEach = new ConcurrentHashMap<>();

    WebhookSlots(Collection<String> endpoints, int max, int maxEach) {
        this.max = max;
        this.maxEach = maxEach;
        endpoints.forEach(name -> takenEach.put(name, new AtomicInteger()));
    }

    /**
     * What may be claimed at once.
     *
     * @param endpoints those that have room
     * @param limit no more than any one of them has room for, since all may turn out to be for that one
     */
    record Room(List<String> endpoints, int limit) {}

    Room room() {
        int limit = max - taken.get();
        List<String> free =
                takenEach.keySet().stream().filter(name -> roomOf(name) > 0).toList();
        for (String name : free) {
            limit = Math.min(limit, roomOf(name));
        }
        return new Room(free, free.isEmpty() ? 0 : Math.max(0, limit));
    }

    private int roomOf(String endpoint) {
        return maxEach - of(endpoint).get();
    }

    private AtomicInteger of(String endpoint) {
        return takenEach.computeIfAbsent(endpoint, name -> new AtomicInteger());
    }

    void take(String endpoint) {
        taken.incrementAndGet();
        of(endpoint).incrementAndGet();
    }

    /** Tells whether there was no room for more before. */
    boolean giveBack(String endpoint) {
        boolean wasFull = of(endpoint).getAndDecrement() >= maxEach;
        return taken.getAndDecrement() >= max || wasFull;
    }
}
