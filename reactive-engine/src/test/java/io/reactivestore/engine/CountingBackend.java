package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** A database as a process sees it that counts what it reads and writes. */
final class CountingBackend implements JournalBackend {

    final AtomicLong calls = new AtomicLong();
    final AtomicLong entriesRead = new AtomicLong();
    final AtomicLong entriesWritten = new AtomicLong();
    final AtomicLong snapshotsWritten = new AtomicLong();
    final AtomicLong snapshotBytes = new AtomicLong();
    private final JournalBackend backend;
    private final boolean keepsSnapshots;

    CountingBackend(JournalBackend backend, boolean keepsSnapshots) {
        this.backend = backend;
        this.keepsSnapshots = keepsSnapshots;
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return backend.append(batch).doFirst(() -> {
            calls.incrementAndGet();
            batch.forEach(append -> entriesWritten.addAndGet(append.entries().size()));
        });
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return backend.read(traceId, afterPosition, limit)
                .doFirst(calls::incrementAndGet)
                .doOnNext(page -> entriesRead.addAndGet(page.size()));
    }

    @Override
    public Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        return backend.readAll(traceIds, limit)
                .doFirst(calls::incrementAndGet)
                .doOnNext(pages -> pages.values().forEach(page -> entriesRead.addAndGet(page.size())));
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return backend.head(traceId).doFirst(calls::incrementAndGet);
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return backend.recent(limit).doFirst(calls::incrementAndGet);
    }

    @Override
    public Optional<CatalogBackend> catalog() {
        return backend.catalog();
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return backend.claims();
    }

    @Override
    public Optional<FactBackend> facts() {
        return backend.facts();
    }

    @Override
    public Optional<SnapshotBackend> snapshots() {
        return keepsSnapshots ? backend.snapshots().map(Counting::new) : Optional.empty();
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private final class Counting implements SnapshotBackend {

        private final SnapshotBackend snapshots;

        Counting(SnapshotBackend snapshots) {
            this.snapshots = snapshots;
        }

        @Override
        public Mono<Boolean> save(Kept snapshot) {
            return snapshots.save(snapshot).doFirst(() -> {
                calls.incrementAndGet();
                snapshotsWritten.incrementAndGet();
                snapshotBytes.addAndGet(snapshot.content().size());
            });
        }

        @Override
        public Mono<Kept> find(String traceId, String version) {
            return snapshots.find(traceId, version).doFirst(calls::incrementAndGet);
        }

        @Override
        public Mono<Void> remove(Kept snapshot) {
            return snapshots.remove(snapshot).doFirst(calls::incrementAndGet);
        }
    }
}
