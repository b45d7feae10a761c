package io.reactivestore.catalog;

import io.reactivestore.TraceHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * <pre>{@code
 * Mono<Long> orders = store.require(Capability.CATALOG)
 *         .page(TraceQuery.of(TraceFilter.ALL.withWorkflows("order"), 20))
 *         .map(TracePage::total);
 * }</pre>
 *
 * @param heads the traces of this part
 * @param total how many traces meet the same filter, in all parts
 * @param next where the next part begins, or null if this one was not full
 */
public record TracePage(
        List<TraceHead> heads, long total, @Nullable TraceCursor next) {

    /**
     * Copies the list.
     *
     * @param heads the traces
     * @param total how many there are in all
     * @param next where the next part begins, or null
     */
    public TracePage {
        heads = List.copyOf(heads);
    }
}
