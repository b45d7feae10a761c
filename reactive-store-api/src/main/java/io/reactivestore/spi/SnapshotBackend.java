package io.reactivestore.spi;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import reactor.core.publisher.Mono;

/**
 * What an adapter adds so that snapshots can be kept: one row for each trace and version. See
 * {@link io.reactivestore.snapshots.Snapshots} for the meaning.
 *
 * <pre>{@code
 * Optional<SnapshotBackend> snapshots = backend.snapshots();
 * }</pre>
 */
public interface SnapshotBackend {

    /**
     * A snapshot as it is kept.
     *
     * @param traceId the trace
     * @param version how the content is to be read
     * @param position the position up to which the journal is in it
     * @param anchor tells the entry at that position from all others
     * @param content what was made of it, its recorded hash unchecked when it is read
     */
    record Kept(String traceId, String version, long position, Sha256 anchor, Payload content) {}

    /**
     * Writes a snapshot unless one of this trace and version is of the same position or a later one, or the trace is gone.
     *
     * @param snapshot what to keep
     * @return a Mono that emits, once that is durable, whether it was written
     */
    Mono<Boolean> save(Kept snapshot);

    /**
     * Reads a snapshot.
     *
     * @param traceId the trace
     * @param version how the content is to be read
     * @return a Mono that emits it, or is empty
     */
    Mono<Kept> find(String traceId, String version);

    /**
     * Removes a snapshot if it is still the one that is kept: of this position and anchor.
     *
     * @param snapshot what was found
     * @return a Mono that completes once that is durable
     */
    Mono<Void> remove(Kept snapshot);
}
