package io.reactivestore.core;

import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceStats;
import io.reactivestore.spi.CatalogBackend.Total;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What totals by status amount to. */
final class Totals {

    private Totals() {}

    static long count(List<Total> totals) {
        return totals.stream().mapToLong(Total::traces).sum();
    }

    static TraceStats toStats(List<Total> totals, OptionalLong capacity) {
        Map<TraceStatus, Long> byStatus = new EnumMap<>(TraceStatus.class);
        totals.forEach(total -> byStatus.merge(total.status(), total.traces(), Long::sum));
        Instant oldest = totals.stream()
                .map(Total::oldest)
                .min(Comparator.naturalOrder())
                .orElse(null);
        Instant newest = totals.stream()
                .map(Total::newest)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new TraceStats(byStatus, oldest, newest, capacity.isPresent() ? capacity.getAsLong() : null);
    }
}
