package io.reactivestore.memory;

import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The traces that have ended, in the order of their last use; whoever exceeds the limit, the eldest of them go. What has ended
 * never runs again, so what is chosen here may go. Nothing is noted where there is no limit.
 */
final class RecentlyUsed {

    private final Map<String, Boolean> ended = new LinkedHashMap<>(16, 0.75f, true);
    private final int maxTraces;

    RecentlyUsed(int maxTraces) {
        this.maxTraces = maxTraces;
    }

    int maxTraces() {
        return maxTraces;
    }

    boolean isLimited() {
        return maxTraces < Integer.MAX_VALUE;
    }

    void read(String traceId) {
        if (isLimited()) {
            synchronized (ended) {
                ended.get(traceId);
            }
        }
    }

    /** Notes a use; while there are more traces than the limit, and one that has ended, lets it go. */
    void written(@Nullable TraceHead head, IntSupplier traces, Consumer<String> evict) {
        if (!isLimited() || head == null) {
            return;
        }
        if (head.status() != TraceStatus.RUNNING && head.status() != TraceStatus.WAITING) {
            synchronized (ended) {
                ended.put(head.traceId(), true);
            }
        }
        while (traces.getAsInt() > maxTraces) {
            String eldest = eldest();
            if (eldest == null) {
                return;
            }
            evict.accept(eldest);
        }
    }

    private @Nullable String eldest() {
        synchronized (ended) {
            Iterator<String> eldest = ended.keySet().iterator();
            if (!eldest.hasNext()) {
                return null;
            }
            String traceId = eldest.next();
            eldest.remove();
            return traceId;
        }
    }

    void deleted(String traceId) {
        if (isLimited()) {
            synchronized (ended) {
                ended.remove(traceId);
            }
        }
    }
}
