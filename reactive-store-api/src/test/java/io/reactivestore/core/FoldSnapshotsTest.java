package io.reactivestore.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.snapshots.Snapshots;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** When a snapshot is used, and when it is not. */
class FoldSnapshotsTest {

    private static final String FOLD = "reactivestore:fold-1";

    private final InMemoryBackend journals = new InMemoryBackend();
    private final AtomicLong entriesRead = new AtomicLong();

    /** The journals of one backend and the snapshots of another. */
    private final class Mixed implements JournalBackend {

        private final JournalBackend of;
        private final JournalBackend snapshots;

        Mixed(JournalBackend of, JournalBackend snapshots) {
            this.of = of;
            this.snapshots = snapshots;
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return of.append(batch);
        }

        @Override
        public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
            return of.read(traceId, afterPosition, limit).doOnNext(page -> entriesRead.addAndGet(page.size()));
        }

        @Override
        public Mono<TraceHead> head(String traceId) {
            return of.head(traceId);
        }

        @Override
        public Mono<List<TraceHead>> recent(int limit) {
            return of.recent(limit);
        }

        @Override
        public Optional<SnapshotBackend> snapshots() {
            return snapshots.snapshots();
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }
    }

    private ReactiveStore open() {
        return JournaledStore.over(new Mixed(journals, journals), StoreConfig.defaults());
    }

    private static void append(ReactiveStore store, long from, long count) {
        List<JournalEvent> events = LongStream.range(from, from + count)
                .<JournalEvent>mapToObj(n -> new JournalEvent.StepRecorded(
                        PersistenceEnvelope.of("t", "w", n, "node-" + n, Outcome.SUCCESS, Instant.EPOCH.plusSeconds(n))
                                .withPayload(Payload.json("" + n))))
                .toList();
        store.require(Capability.JOURNAL).append("t", events).block();
    }

    private static PersistedTrace load(ReactiveStore store) {
        return Objects.requireNonNull(store.traces().load("t").block());
    }

    private static boolean take(ReactiveStore store) {
        return Boolean.TRUE.equals(
                store.require(Capability.SNAPSHOTS).take("t", 1).block());
    }

    @Test
    void a_long_journal_is_read_from_its_snapshot_on() {
        append(open(), 0, 900);
        assertThat(take(open())).isTrue();
        append(open(), 900, 10);
        entriesRead.set(0);
        PersistedTrace trace = load(open());
        assertThat(trace.envelopes()).hasSize(910);
        assertThat(entriesRead).hasValue(64 + 1 + 10);
        entriesRead.set(0);
        append(open(), 910, 1);
        assertThat(entriesRead.get()).isLessThanOrEqualTo(64 + 1 + 10);
    }

    @Test
    void the_snapshot_of_another_trace_that_had_the_id_is_not_used_and_removed() {
        append(open(), 0, 900);
        assertThat(take(open())).isTrue();
        InMemoryBackend reborn = new InMemoryBackend();
        ReactiveStore store = JournaledStore.over(new Mixed(reborn, journals), StoreConfig.defaults());
        append(store, 0, 800);
        assertThat(load(store).position()).isEqualTo(800);
        // shorter, but otherwise the same
        assertThat(take(store)).isTrue();
        Snapshots.Snapshot taken =
                store.require(Capability.SNAPSHOTS).latest("t", FOLD).block();
        assertThat(taken).extracting(Snapshots.Snapshot::position).isEqualTo(800L);
    }

    @Test
    void a_snapshot_that_cannot_be_read_is_not_used() {
        append(open(), 0, 900);
        PersistedTrace whole = load(open());
        for (byte[] content : List.of(new byte[0], new byte[100], FoldFormat.write(state(100)))) {
            InMemoryBackend strange = new InMemoryBackend();
            ReactiveStore store = JournaledStore.over(new Mixed(journals, strange), StoreConfig.defaults());
            store.require(Capability.SNAPSHOTS)
                    .save("t", 800, FOLD, Payload.of(content, FoldFormat.MEDIA_TYPE))
                    .block();
            assertThat(load(store)).isEqualTo(whole);
        }
    }

    private static FoldState state(long steps) {
        TraceFold fold = TraceFold.full("t");
        for (long n = 1; n <= steps; n++) {
            PersistenceEnvelope step = PersistenceEnvelope.of("t", "w", n, "node", Outcome.SUCCESS, Instant.EPOCH);
            fold.apply(new JournalEntry("t", n, 7, new JournalEvent.StepRecorded(step)));
        }
        return fold.state();
    }
}
