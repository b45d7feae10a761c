package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.PersistenceStore;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a store remembers is bounded, and forgetting costs a reading, nothing else. */
class TailCacheTest {

    private final FakeBackend backend = new FakeBackend().allowReads(1_000);
    private final StoreConfig oneLane = FakeBackend.patient().withLanes(1);

    @Test
    void the_cache_keeps_the_traces_used_last_up_to_its_weight() {
        TailCache cache = new TailCache(1_000);
        for (int i = 0; i < 10_000; i++) {
            cache.put(tail("trace-" + i, 6));
            cache.get("trace-0");
            cache.trim();
        }
        assertThat(IntStream.range(0, 10_000).filter(i -> cache.get("trace-" + i) != null))
                .hasSize(100)
                .contains(0, 9_999)
                .doesNotContain(1, 9_900);
    }

    @Test
    void a_trace_that_grows_is_weighed_anew() {
        TailCache cache = new TailCache(100);
        cache.put(tail("small", 6));
        cache.put(tail("grows", 6));
        TraceFold grows = Objects.requireNonNull(cache.get("grows"));
        cache.pin(grows);
        record(grows, 86);
        cache.unpin(grows);
        assertThat(cache.get("small"))
                .as("nothing goes before the cache is trimmed")
                .isNotNull();
        assertThat(cache.get("grows")).isSameAs(grows);
        cache.trim();
        assertThat(cache.get("small")).isNull();
        assertThat(cache.get("grows")).isSameAs(grows);
    }

    @Test
    void the_steps_of_a_remembered_trace_need_no_reading() {
        PersistenceStore store = store(oneLane);
        for (int step = 1; step <= 100; step++) {
            store.append(step("a", step)).block();
        }
        assertThat(backend.reads).isEmpty();
        assertThat(backend.pages).isEmpty();
    }

    @Test
    void a_forgotten_trace_goes_on_after_one_reading() {
        PersistenceStore store = store(oneLane.withCachedSteps(60));
        for (int round = 1; round <= 3; round++) {
            for (int trace = 0; trace < 50; trace++) {
                assertThat(store.append(step("trace-" + trace, round)).block()).isEqualTo(round);
            }
        }
        assertThat(backend.reads)
                .hasSizeBetween(50, 100)
                .allSatisfy(ids -> assertThat(ids).hasSize(1));
        assertThat(store.append(step("trace-0", 1)).block()).isEqualTo(1);
    }

    @Test
    void many_forgotten_traces_are_read_at_once_but_not_without_limit() {
        PersistenceStore before = store(oneLane);
        List<String> ids =
                IntStream.range(0, 200).mapToObj(i -> "trace-" + (1_000 + i)).toList();
        ids.forEach(id -> before.append(step(id, 1)).block());

        PersistenceStore store = store(oneLane);
        backend.hold();
        CompletableFuture<Long> first = store.append(step("first", 2)).toFuture();
        List<CompletableFuture<Long>> callers =
                ids.stream().map(id -> store.append(step(id, 2)).toFuture()).toList();
        backend.letGo();
        assertThat(first).isCompletedWithValue(1L);
        assertThat(callers).allSatisfy(caller -> assertThat(caller).isCompletedWithValue(2L));
        List<List<String>> reads = backend.reads.subList(1, backend.reads.size());
        assertThat(reads).hasSize(4).allSatisfy(read -> assertThat(read).hasSizeLessThanOrEqualTo(64));
        assertThat(reads.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void many_forgotten_traces_that_do_not_all_fit_are_served_all_the_same() {
        PersistenceStore before = store(oneLane);
        List<String> ids = IntStream.range(0, 50).mapToObj(i -> "trace-" + i).toList();
        ids.forEach(id -> before.append(step(id, 1)).block());

        PersistenceStore store = store(oneLane.withCachedSteps(60));
        backend.hold();
        store.append(step("first", 2)).subscribe();
        List<CompletableFuture<Long>> callers =
                ids.stream().map(id -> store.append(step(id, 2)).toFuture()).toList();
        backend.allowReads(4).letGo();
        assertThat(callers).allSatisfy(caller -> assertThat(caller).isCompletedWithValue(2L));
    }

    @Test
    void a_trace_larger_than_the_cache_goes_on() {
        PersistenceStore store = store(oneLane.withCachedSteps(20));
        for (int step = 1; step <= 40; step++) {
            assertThat(store.append(step("a", step)).block()).isEqualTo(step);
        }
        assertThat(backend.reads).hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void a_store_that_remembers_nothing_works() {
        PersistenceStore store = store(oneLane.withCachedSteps(0));
        for (int step = 1; step <= 5; step++) {
            assertThat(store.append(step("a", step)).block()).isEqualTo(step);
        }
        assertThat(store.append(step("a", 1)).block()).isEqualTo(1);
    }

    private PersistenceStore store(StoreConfig config) {
        return JournaledStore.over(backend, config).traces();
    }

    /** Weighs 4 and 1 for each step. */
    private static TraceFold tail(String traceId, int steps) {
        TraceFold tail = TraceFold.tail(traceId);
        record(tail, steps);
        return tail;
    }

    private static void record(TraceFold tail, int steps) {
        for (int i = 0; i < steps; i++) {
            long position = tail.position() + 1;
            tail.apply(new JournalEntry(tail.traceId(), position, 7, new StepRecorded(step(tail.traceId(), position))));
        }
    }
}
