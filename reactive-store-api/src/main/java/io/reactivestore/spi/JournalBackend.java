package io.reactivestore.spi;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What an adapter writes: a journal with the key (trace, position), and one head per trace. The meaning of entries is not its
 * business. Errors are signalled as {@link io.reactivestore.error.StoreException}, with {@code isTransient} telling whether the
 * same call may succeed later.
 *
 * <p>Every method does nothing before subscription and never blocks the subscribing thread.
 *
 * <pre>{@code
 * JournalBackend backend = new InMemoryBackend();
 * Mono<List<JournalEntry>> page = backend.read("order-42", 0, 100);
 * Mono<TraceHead> head = backend.head("order-42");
 * }</pre>
 */
public interface JournalBackend {

    /** So many bytes of payloads end a page, with the entry that brings them, however few entries it has. */
    int PAGE_BYTES = 1 << 20;

    /**
     * Writes a batch in one commit. A trace whose journal does not end where its append expects is left out as a
     * whole; all others are written as a whole.
     *
     * <p>The batch holds each trace once, in the order of the ids: an adapter writes in this order, so that the batches of two
     * processes can wait for each other but never deadlock. After an error nobody knows what was written; the caller repeats
     * the same batch.
     *
     * @param batch at least one append
     * @return a Mono that emits, once all the rest is durable, the ids of the traces left out
     */
    Mono<Set<String>> append(List<TraceAppend> batch);

    /**
     * Reads a page of a journal. It has fewer entries than the limit only at the end of the journal, or if their payloads come to
     * {@link #PAGE_BYTES}; what is larger than that is not to be held in memory.
     *
     * @param traceId the trace
     * @param afterPosition read what stands behind this position
     * @param limit how many entries at the most
     * @return a Mono that emits the entries in order of position; an empty list at the end or for an unknown trace
     */
    Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit);

    /**
     * Reads the first page of several journals, each as {@link #read} does, in as few round trips as the backend can.
     *
     * @param traceIds the traces
     * @param limit how many entries of each at the most
     * @return a Mono that emits the page of each known trace
     */
    default Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        return Flux.fromIterable(traceIds)
                .concatMap(id -> read(id, 0, limit))
                .filter(page -> !page.isEmpty())
                .collectMap(page -> page.get(0).traceId());
    }

    /**
     * Reads one head.
     *
     * @param traceId the trace
     * @return a Mono that emits it, or is empty
     */
    Mono<TraceHead> head(String traceId);

    /**
     * Reads the newest heads: by {@code createdAt} downwards, then by id downwards.
     *
     * @param limit how many at the most
     * @return a Mono that emits them
     */
    Mono<List<TraceHead>> recent(int limit);

    /**
     * Gives what lets the traces be searched, described and deleted.
     *
     * @return empty if the backend cannot
     */
    default Optional<CatalogBackend> catalog() {
        return Optional.empty();
    }

    /**
     * Gives what lets engines share the traces.
     *
     * @return empty if the backend cannot
     */
    default Optional<ClaimBackend> claims() {
        return Optional.empty();
    }

    /**
     * Gives what keeps dead letters.
     *
     * @return empty if the backend cannot
     */
    default Optional<DeadLetterBackend> deadLetters() {
        return Optional.empty();
    }

    /**
     * Gives what keeps content by its hash.
     *
     * @return empty if the backend cannot
     */
    default Optional<FactBackend> facts() {
        return Optional.empty();
    }

    /**
     * Gives what keeps deliveries.
     *
     * @return empty if the backend cannot
     */
    default Optional<WebhookBackend> webhooks() {
        return Optional.empty();
    }

    /**
     * Gives what keeps snapshots.
     *
     * @return empty if the backend cannot
     */
    default Optional<SnapshotBackend> snapshots() {
        return Optional.empty();
    }

    /**
     * Gives what lets callers write in transactions of their own.
     *
     * @return empty if the backend cannot
     */
    default Optional<TransactionBackend<?>> transactions() {
        return Optional.empty();
    }

    /**
     * Releases what the backend owns. Called once, when no call is under way.
     *
     * @return a Mono that completes when everything is released
     */
    Mono<Void> close();
}
