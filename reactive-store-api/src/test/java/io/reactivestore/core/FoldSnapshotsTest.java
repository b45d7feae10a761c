package io.reactivestore.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
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
import java.io.IOException;
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
    private volatile boolean headWritten;

    /** The journals of one backend and the snapshots of another. */
    private class Mixed implements JournalBackend {

        private final JournalBackend of;
        private final JournalBackend snapshots;

        Mixed(JournalBackend of, JournalBackend snapshots) {
            this.of = of;
            this.snapshots = snapshots;
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return of.append(batch).doFirst(() -> batch.forEach(append -> headWritten = append.head() != null));
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
        for (byte[] content : List.of(
                new byte[0], new byte[100], FoldFormat.write(state(100), 10_000).orElseThrow())) {
            InMemoryBackend strange = new InMemoryBackend();
            ReactiveStore store = JournaledStore.over(new Mixed(journals, strange), StoreConfig.defaults());
            store.require(Capability.SNAPSHOTS)
                    .save("t", 800, FOLD, Payload.of(content, FoldFormat.MEDIA_TYPE))
                    .block();
            assertThat(load(store)).isEqualTo(whole);
        }
    }

    @Test
    void a_stale_snapshot_takes_no_other_along_and_is_in_the_way_of_none() {
        append(open(), 0, 900);
        assertThat(take(open())).isTrue();
        InMemoryBackend reborn = new InMemoryBackend();
        ReactiveStore store = JournaledStore.over(new Mixed(reborn, journals), StoreConfig.defaults());
        append(store, 0, 800);
        Snapshots snapshots = store.require(Capability.SNAPSHOTS);
        Payload sum = Payload.json("7");
        assertThat(snapshots.save("t", 5, "sum", sum).block()).isTrue();
        assertThat(load(store).position()).isEqualTo(800);
        assertThat(snapshots.latest("t", "sum").map(Snapshots.Snapshot::content).block())
                .isEqualTo(sum);

        ReactiveStore reader = JournaledStore.over(new Mixed(journals, journals), StoreConfig.defaults());
        assertThat(reader.require(Capability.SNAPSHOTS).save("t", 4, "sum", sum).block())
                .isTrue();
    }

    @Test
    void what_is_saved_again_is_the_latest_still() {
        append(open(), 0, 3);
        Snapshots snapshots = open().require(Capability.SNAPSHOTS);
        Payload sum = Payload.json("7");
        assertThat(snapshots.save("t", 2, "sum", sum).block()).isTrue();
        assertThat(snapshots.save("t", 2, "sum", sum).block()).isTrue();
        assertThat(snapshots.save("t", 2, "sum", Payload.json("8")).block()).isFalse();
    }

    /** Between reading and saving, the id goes to another trace. */
    @Test
    void a_snapshot_is_anchored_in_what_was_read() {
        append(open(), 0, 900);
        InMemoryBackend reborn = new InMemoryBackend();
        ReactiveStore other = JournaledStore.over(reborn, StoreConfig.defaults());
        append(other, 0, 1_000);
        JournalBackend taken = new Mixed(journals, journals) {
            private boolean isRead;

            @Override
            public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
                return Mono.defer(() -> (isRead ? reborn : journals).read(traceId, afterPosition, limit))
                        .doOnNext(page -> isRead |= page.size() < limit);
            }
        };
        take(JournaledStore.over(taken, StoreConfig.defaults()));
        ReactiveStore store = JournaledStore.over(new Mixed(reborn, journals), StoreConfig.defaults());
        assertThat(load(store)).isEqualTo(load(other));
    }

    @Test
    void who_started_a_trace_goes_on_without_writing_its_head_although_a_snapshot_was_read() {
        ReactiveStore starter = open();
        append(starter, 0, 900);
        assertThat(take(starter)).isTrue();
        Intervention decision = Intervention.of("d", "node-9", InterventionAction.SKIP, Instant.EPOCH);
        open().traces().saveIntervention("t", decision).block();
        // collides, so that what the store knew of the trace is read anew
        append(starter, 900, 1);
        append(starter, 901, 1);
        assertThat(headWritten).isFalse();
    }

    @Test
    void a_fold_larger_than_allowed_is_neither_written_nor_read() {
        FoldState state = state(100);
        assertThat(FoldFormat.write(state, 1_000)).isEmpty();
        byte[] written = FoldFormat.write(state, 10_000).orElseThrow();
        assertThatThrownBy(() -> FoldFormat.read("t", written, 1_000)).isInstanceOf(IOException.class);
        assertThatCode(() -> FoldFormat.read("t", written, 10_000)).doesNotThrowAnyException();
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
