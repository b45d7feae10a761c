package io.reactivestore.claims;

import io.reactivestore.PersistedTrace;
import io.reactivestore.TraceHead;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The facet CLAIMS: how several engines share the traces of one backend. An engine says at an interval that it lives, in one
 * row however many traces it holds. Traces whose holder is silent, and traces that wait and whose time has come, are handed out,
 * each to one asker at a time; the asker claims what it was handed.
 *
 * <p>Nothing here is needed for safety: that is the journal's business, since a claim is an entry that fences every other writer
 * off. Clocks only decide when somebody tries. All instants come from the callers' clocks, so these should agree to a fraction of
 * the time for which a heartbeat is valid.
 *
 * <pre>{@code
 * Claims claims = store.require(Capability.CLAIMS);
 * Instant now = Instant.now();
 * Flux<PersistedTrace> taken = claims.beat("engine-1", now.plusSeconds(10), now)
 *         .thenMany(claims.due(Set.of("order"), now, now.plusSeconds(30), 100))
 *         .flatMap(head -> claims.claim(head, "engine-1"));
 * }</pre>
 */
public interface Claims {

    /** The largest number of traces one call hands out or looks at. */
    int MAX_LIMIT = 1_000;

    /**
     * Gives the number by which entries and heads name this store instance.
     *
     * @return what {@link io.reactivestore.journal.JournalEntry#writer()} and {@link TraceHead#holder()} show
     */
    long writer();

    /**
     * Says that this store instance runs traces and lives.
     *
     * @param name a name for people, 1 to 255 characters
     * @param until when this is to be taken as no longer true, unless it is said again
     * @param now the time on the caller's clock; instances that have been silent for long and hold nothing are forgotten
     * @return a Mono that completes once it is known to all
     */
    Mono<Void> beat(String name, Instant until, Instant now);

    /**
     * Says that this store instance runs no traces any more: what it holds is due at once.
     *
     * @return a Mono that completes once it is known to all
     */
    Mono<Void> leave();

    /**
     * Hands out traces that somebody should take over: those that wait and whose time has come, the longest overdue first, and
     * those that run but whose holder has said to live and has been silent since. None of them is handed out again until the
     * given time, unless something happens to it.
     *
     * @param workflows the workflows the caller can run; no other traces are handed out
     * @param now the time on the caller's clock
     * @param reservedUntil until when the caller wants to have claimed them
     * @param limit how many, 1 to {@value #MAX_LIMIT}
     * @return their heads
     * @throws IllegalArgumentException if the limit is out of range
     */
    Flux<TraceHead> due(Collection<String> workflows, Instant now, Instant reservedUntil, int limit);

    /**
     * Takes a trace over: appends a {@link io.reactivestore.journal.JournalEvent.Claimed}, which fences every other writer off.
     *
     * @param due the head as it was handed out
     * @param owner a name for people, 1 to 255 characters
     * @return a Mono that emits the trace, the claim included, or is empty if it moved on meanwhile
     */
    Mono<PersistedTrace> claim(TraceHead due, String owner);

    /**
     * Looks how far journals have got, in as few round trips as the backend can.
     *
     * @param traceIds at most {@value #MAX_LIMIT}
     * @return a Mono that emits the position of the last entry of each known trace
     * @throws IllegalArgumentException if there are too many
     */
    Mono<Map<String, Long>> positions(Collection<String> traceIds);

    /**
     * Gives hints: the ids of traces about which somebody has decided something, or that are due at once, from whichever process
     * the backend hears. Hints may be missed, repeated or late; who needs to know asks at an interval as well.
     *
     * @return the hints from the subscription on, on a thread of Reactor's; never completes and never fails, but for a
     *     {@link io.reactivestore.error.StoreClosedException} to who subscribes to a closed store; what the subscriber is too slow
     *     for is dropped
     */
    Flux<String> hints();
}
