package io.reactivestore.catalog;

import io.reactivestore.internal.Check;
import org.jspecify.annotations.Nullable;

/**
 * Which traces to list, and which part of the list: newest first by the time they were created; the id, downwards, breaks ties.
 *
 * <pre>{@code
 * TraceQuery firstPage = TraceQuery.of(TraceFilter.ALL.withSource("web"), 50);
 * }</pre>
 *
 * @param filter which traces
 * @param limit how many at the most, 1 to {@value Catalog#MAX_LIMIT}
 * @param offset how many to pass over, 0 or more; each of them costs about as much as one that is listed, so for long lists
 *     rather use {@code after}
 * @param after list only what stands behind this place, or null for the start; costs the same wherever the place is. Behind it,
 *     as many are passed over as {@code offset} says, so who pages by places sets that to 0
 */
public record TraceQuery(
        TraceFilter filter, int limit, int offset, @Nullable TraceCursor after) {

    /**
     * Checks the numbers.
     *
     * @param filter which traces
     * @param limit 1 to {@value Catalog#MAX_LIMIT}
     * @param offset 0 or more
     * @param after a place or null
     * @throws IllegalArgumentException if a number is out of range
     */
    public TraceQuery {
        Check.present("filter", filter);
        Check.atLeast("limit", limit, 1);
        Check.atMost("limit", limit, Catalog.MAX_LIMIT);
        Check.atLeast("offset", offset, 0);
    }

    /**
     * The newest of some traces.
     *
     * @param filter which traces
     * @param limit how many at the most
     * @return the query
     * @throws IllegalArgumentException if the limit is out of range
     */
    public static TraceQuery of(TraceFilter filter, int limit) {
        return new TraceQuery(filter, limit, 0, null);
    }

    /**
     * The newest traces.
     *
     * @param limit how many at the most
     * @return the query
     * @throws IllegalArgumentException if the limit is out of range
     */
    public static TraceQuery newest(int limit) {
        return of(TraceFilter.ALL, limit);
    }

    /**
     * A copy that passes some traces over.
     *
     * @param traces how many, 0 or more
     * @return the copy
     * @throws IllegalArgumentException if it is below 0
     */
    public TraceQuery withOffset(int traces) {
        return new TraceQuery(filter, limit, traces, after);
    }

    /**
     * A copy that lists what stands behind a place; the offset stays what it is.
     *
     * @param place the last trace seen, or null for the start
     * @return the copy
     */
    public TraceQuery after(@Nullable TraceCursor place) {
        return new TraceQuery(filter, limit, offset, place);
    }
}
