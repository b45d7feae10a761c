package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.testkit.ForwardingBackend;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** A database as a process sees it that counts what it reads and writes. */
final class CountingBackend extends ForwardingBackend {

    final AtomicLong calls = new AtomicLong();
    final AtomicLong entriesRead = new AtomicLong();
    final AtomicLong entriesWritten = new AtomicLong();
    final AtomicLong snapshotsWritten = new AtomicLong();
    final AtomicLong snapshotBytes = new AtomicLong();
    private final boolean keepsSnapshots;

    CountingBackend(JournalBackend backend, boolean keepsSnapshots) {
        super(backend);
        this.keepsSnapshots = keepsSnapshots;
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return inner.append(batch).doFirst(() -> {
            calls.incrementAndGet();
            batch.forEach(append -> entriesWritten.addAndGet(append.entries().size()));
        });
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return inner.read(traceId, afterPosition, limit)
                .doFirst(calls::incrementAndGet)
                .doOnNext(page -> entriesRead.addAndGet(page.size()));
    }

    @Override
    public Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        return inner.readAll(traceIds, limit)
                .doFirst(calls::incrementAndGet)
                .doOnNext(pages -> pages.values().forEach(page -> entriesRead.addAndGet(page.size())));
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return inner.head(traceId).doFirst(calls::incrementAndGet);
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return inner.recent(limit).doFirst(calls::incrementAndGet);
    }

    @Override
    public Optional<SnapshotBackend> snapshots() {
        return keepsSnapshots ? inner.snapshots().map(Counting::new) : Optional.empty();
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
