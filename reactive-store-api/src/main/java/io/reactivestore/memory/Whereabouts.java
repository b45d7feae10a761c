package io.reactivestore.memory;

import io.reactivestore.memory.InMemoryBackend.Cell;
import io.reactivestore.memory.InMemoryBackend.Log;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * In which trace something lies that has an id of its own. Noted once it is there, and forgotten once it is not: what somebody was
 * told is there is found, and nothing stays behind.
 */
final class Whereabouts {

    private final Map<String, Cell> cells;
    private final BiPredicate<Log, String> holds;
    private final Map<String, String> traces = new ConcurrentHashMap<>();

    /**
     * @param holds whether something of an id lies in a trace
     */
    Whereabouts(Map<String, Cell> cells, BiPredicate<Log, String> holds) {
        this.cells = cells;
        this.holds = holds;
    }

    @Nullable
    Cell of(String id) {
        String traceId = traces.get(id);
        return traceId == null ? null : cells.get(traceId);
    }

    void note(String id, String traceId) {
        traces.put(id, traceId);
    }

    /** Of a trace that was deleted; a new one of the same id may hold some of them again. */
    void forget(Collection<String> ids) {
        ids.forEach(id -> traces.computeIfPresent(id, (same, traceId) -> lies(id, traceId) ? traceId : null));
    }

    private boolean lies(String id, String traceId) {
        Cell cell = cells.get(traceId);
        return cell != null && holds.test(cell.now(), id);
    }

    boolean isEmpty() {
        return traces.isEmpty();
    }
}
