package io.reactivestore.catalog;

import io.reactivestore.TraceHead;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The facet CATALOG: which traces there are, what describes them, and how they go. Nothing happens before subscription; each
 * subscription asks anew. A batch of a deletion that has begun runs to its end if its caller cancels; nothing else follows it.
 *
 * <pre>{@code
 * Catalog catalog = store.require(Capability.CATALOG);
 * Flux<TraceHead> failed = catalog.list(TraceQuery.of(TraceFilter.ALL.withStatuses(TraceStatus.FAULT), 20));
 * }</pre>
 */
public interface Catalog {

    /** The largest number of traces one call lists. */
    int MAX_LIMIT = 1_000;

    /**
     * Looks one trace up without reading its journal (K1).
     *
     * @param traceId the trace
     * @return a Mono that emits its head, or is empty if there is none
     */
    Mono<TraceHead> find(String traceId);

    /**
     * Tells whether there is a trace (K1).
     *
     * @param traceId the trace
     * @return a Mono that emits true or false
     */
    default Mono<Boolean> exists(String traceId) {
        return find(traceId).hasElement();
    }

    /**
     * Lists the newest traces by the time they were created, newest first; the id, downwards, breaks ties.
     *
     * @param limit how many, 1 to {@value #MAX_LIMIT}
     * @return their heads, as they were after subscription: all at one moment, but in memory each at one of its own
     * @throws IllegalArgumentException if the limit is out of range
     */
    Flux<TraceHead> recent(int limit);

    /**
     * Lists traces (K2, K3).
     *
     * @param query which, and which part of the list
     * @return their heads, as {@link #recent} has them
     */
    Flux<TraceHead> list(TraceQuery query);

    /**
     * Lists traces, with their number in all (K4). Total and part are read one after the other.
     *
     * @param query which, and which part of the list
     * @return a Mono that emits the part
     */
    Mono<TracePage> page(TraceQuery query);

    /**
     * Counts traces (K4). Costs as much as there are.
     *
     * @param filter which
     * @return a Mono that emits how many
     */
    Mono<Long> count(TraceFilter filter);

    /**
     * Lists traces as people like to see them (K5). Reads their journals, but not what their steps produced.
     *
     * @param query which, and which part of the list
     * @return their summaries in the order of the list; of a trace deleted meanwhile, none
     */
    Flux<TraceSummary> summaries(TraceQuery query);

    /**
     * Gives figures about traces (K6). Costs as much as there are.
     *
     * @param filter which
     * @return a Mono that emits the figures
     */
    Mono<TraceStats> stats(TraceFilter filter);

    /**
     * Lists the ids of all traces, with back-pressure (K7), read one page ahead of demand at the most. What is made or
     * deleted meanwhile may be among them or not; nothing comes twice.
     *
     * @return the ids, in the order in which the backend keeps them
     */
    Flux<String> ids();

    /**
     * Reads what describes a trace (K8).
     *
     * @param traceId the trace
     * @return a Mono that emits its tags, {@link TraceTags#NONE} if it has none; empty if there is no such trace
     */
    Mono<TraceTags> tags(String traceId);

    /**
     * Changes what describes a trace, atomically (K8): if somebody else changes it meanwhile, the change is applied again to
     * what is there then. Nothing but tags can be changed; the journal is not touched.
     *
     * @param traceId the trace
     * @param change gives the new tags from those there are; may be called more than once
     * @return a Mono that emits the tags that were written, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, or what the change throws
     */
    Mono<TraceTags> update(String traceId, UnaryOperator<TraceTags> change);

    /**
     * Deletes everything of a trace at once (K9), with what an endpoint was still to be told, and what a person was to look at. A
     * trace that runs stays, unless who held it said to live and is silent since, as
     * {@link io.reactivestore.claims.Claims#due} has it. A writer that still knows the trace cannot write to it any more, wherever
     * it is; its next call finds no such trace. The id is free for a new trace.
     *
     * @param traceId the trace
     * @return a Mono that emits true once everything is gone, false if there was no such trace, or signals
     *     {@link io.reactivestore.error.TraceHeldException}
     */
    Mono<Boolean> delete(String traceId);

    /**
     * Deletes all traces but those that run (K10), in batches, as {@link #delete} would one after the other. A trace made
     * meanwhile may stay.
     *
     * @return a Mono that emits how many are gone
     */
    Mono<Long> clear();

    /**
     * Deletes traces that have ended, in batches, the newest of them first (K11). Two purges at once delete each trace once.
     *
     * @param policy which may go
     * @return how many each batch deleted, at most one batch ahead of demand; after cancel no further batch begins
     */
    Flux<Long> purge(PurgePolicy policy);
}
