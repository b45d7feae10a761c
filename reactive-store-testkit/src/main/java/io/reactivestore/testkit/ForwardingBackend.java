package io.reactivestore.testkit;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.WebhookBackend;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * What stands between a store and its data in a test, to count, to delay or to fail: passes on whatever is not overridden. To read
 * many journals is to read one after the other, so that {@link #read} sees it; transactions are not passed on, since what is
 * written in one would not come by; to close it leaves open what lies below.
 *
 * <pre>{@code
 * JournalBackend full = new ForwardingBackend(new InMemoryBackend()) {
 *     @Override
 *     public Mono<Set<String>> append(List<TraceAppend> batch) {
 *         return Mono.error(new StoreFailedException(null, "the disk is full", null));
 *     }
 * };
 * ReactiveStore store = JournaledStore.over(full, StoreConfig.defaults());
 * }</pre>
 */
public class ForwardingBackend implements JournalBackend {

    /** What lies below. */
    protected final JournalBackend inner;

    /**
     * Stands in front of a backend.
     *
     * @param inner what calls are passed on to
     */
    protected ForwardingBackend(JournalBackend inner) {
        this.inner = inner;
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return inner.append(batch);
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return inner.read(traceId, afterPosition, limit);
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return inner.head(traceId);
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return inner.recent(limit);
    }

    @Override
    public Optional<CatalogBackend> catalog() {
        return inner.catalog();
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return inner.claims();
    }

    @Override
    public Optional<DeadLetterBackend> deadLetters() {
        return inner.deadLetters();
    }

    @Override
    public Optional<FactBackend> facts() {
        return inner.facts();
    }

    @Override
    public Optional<WebhookBackend> webhooks() {
        return inner.webhooks();
    }

    @Override
    public Optional<SnapshotBackend> snapshots() {
        return inner.snapshots();
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
