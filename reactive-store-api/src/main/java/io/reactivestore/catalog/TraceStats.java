package io.reactivestore.catalog;

import io.reactivestore.TraceStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Figures about the traces that meet a filter.
 *
 * <pre>{@code
 * Mono<TraceStats> stats = store.require(Capability.CATALOG).stats(TraceFilter.ALL);
 * Mono<Long> failed = stats.map(all -> all.count(TraceStatus.FAULT));
 * }</pre>
 *
 * @param byStatus how many in each status; a status that no trace has is missing
 * @param oldest when the first of them was created, or null if there is none
 * @param newest when the last of them was created, or null if there is none
 * @param capacity how many traces the store keeps at the most, whatever the filter, or null if it has no bound
 */
public record TraceStats(
        Map<TraceStatus, Long> byStatus,
        @Nullable Instant oldest,
        @Nullable Instant newest,
        @Nullable Long capacity) {

    /**
     * Copies the map.
     *
     * @param byStatus how many in each status
     * @param oldest when the first was created, or null
     * @param newest when the last was created, or null
     * @param capacity the bound of the store, or null
     */
    public TraceStats {
        byStatus = Map.copyOf(byStatus);
    }

    /**
     * Counts the traces in one status.
     *
     * @param status which
     * @return how many, 0 if there is none
     */
    public long count(TraceStatus status) {
        return byStatus.getOrDefault(status, 0L);
    }

    /**
     * Counts all of them.
     *
     * @return how many
     */
    public long total() {
        return byStatus.values().stream().mapToLong(Long::longValue).sum();
    }
}
