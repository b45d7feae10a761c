package io.reactivestore.catalog;

import io.reactivestore.TraceHead;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The facet CATALOG: which traces there are.
 *
 * <pre>{@code
 * Catalog catalog = store.require(Capability.CATALOG);
 * Flux<TraceHead> newest = catalog.recent(20);
 * }</pre>
 */
public interface Catalog {

    /** The largest number of traces one call lists. */
    int MAX_LIMIT = 1_000;

    /**
     * Looks one trace up without reading its journal.
     *
     * @param traceId the trace
     * @return a Mono that emits its head, or is empty if there is none
     */
    Mono<TraceHead> find(String traceId);

    /**
     * Lists the newest traces by the time they were created, newest first; the id, downwards, breaks ties.
     *
     * @param limit how many, 1 to {@value #MAX_LIMIT}
     * @return their heads, as they were at one moment after subscription
     * @throws IllegalArgumentException if the limit is out of range
     */
    Flux<TraceHead> recent(int limit);
}
