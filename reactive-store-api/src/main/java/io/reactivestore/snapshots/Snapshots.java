package io.reactivestore.snapshots;

import io.reactivestore.Payload;
import reactor.core.publisher.Mono;

/**
 * The facet SNAPSHOTS: for each trace and version, what somebody made of its journal up to a position. The journal stays what it
 * is and remains the truth: a snapshot that is damaged, or of another trace that had the id before, counts as none.
 *
 * <p>The store makes some of its own, with {@link #take}: whatever reads a whole trace then reads the snapshot and what stands
 * behind it, and comes to the same.
 *
 * <pre>{@code
 * Mono<Boolean> saved = store.require(Capability.SNAPSHOTS).save("order-42", 17, "totals-1", Payload.json("{\"sum\":7}"));
 * }</pre>
 */
public interface Snapshots {

    /**
     * Keeps a snapshot, unless one of the same position or a later one is kept.
     *
     * @param traceId the trace
     * @param position the position up to which the journal is in it, at least 1
     * @param version tells how the content is to be read, 1 to 100 characters; of each the latest is kept
     * @param content the snapshot
     * @return a Mono that emits, once that is durable, whether this is the latest now; or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, or
     *     {@link io.reactivestore.error.PositionConflictException} if the journal does not reach so far
     * @throws IllegalArgumentException if an argument is not of that form, or the content is larger than the store takes
     */
    Mono<Boolean> save(String traceId, long position, String version, Payload content);

    /**
     * Reads the latest snapshot.
     *
     * @param traceId the trace
     * @param version how the content is to be read
     * @return a Mono that emits it; empty if there is none that is valid
     */
    Mono<Snapshot> latest(String traceId, String version);

    /**
     * Has the store make a snapshot of its own, unless the last one is near: fewer entries stand behind it than are asked for, or
     * than it holds, so that to make them costs no more than to write what they are made of.
     *
     * @param traceId the trace
     * @param entries how many entries are worth a snapshot, at least 1
     * @return a Mono that emits, once that is durable, whether one was made; false also for an unknown trace
     * @throws IllegalArgumentException if {@code entries} is below 1
     */
    Mono<Boolean> take(String traceId, int entries);

    /**
     * A snapshot as it is kept.
     *
     * @param traceId the trace
     * @param position the position up to which the journal is in it
     * @param version how the content is to be read
     * @param content what was made of it
     */
    record Snapshot(String traceId, long position, String version, Payload content) {}
}
