package io.reactivestore.catalog;

import io.reactivestore.TraceHead;
import io.reactivestore.internal.Check;
import java.time.Instant;

/**
 * A place in the list of traces: behind the trace with this time and this id, whether it is still there or not.
 *
 * <pre>{@code
 * Flux<TraceHead> older = store.require(Capability.CATALOG).find("order-42")
 *         .flatMapMany(head -> store.require(Capability.CATALOG)
 *                 .list(TraceQuery.newest(20).after(TraceCursor.of(head))));
 * }</pre>
 *
 * @param createdAt of the last trace seen, cut to microseconds
 * @param traceId of the last trace seen
 */
public record TraceCursor(Instant createdAt, String traceId) {

    /**
     * Checks both.
     *
     * @param createdAt in the years 1583 to 9999
     * @param traceId 1 to 255 characters
     * @throws IllegalArgumentException naming what is not of that form
     */
    public TraceCursor {
        createdAt = Check.instant("createdAt", createdAt);
        Check.traceId(traceId);
    }

    /**
     * The place behind a trace.
     *
     * @param last the last trace seen
     * @return its cursor
     */
    public static TraceCursor of(TraceHead last) {
        return new TraceCursor(last.createdAt(), last.traceId());
    }
}
