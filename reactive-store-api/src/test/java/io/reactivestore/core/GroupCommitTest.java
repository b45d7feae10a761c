package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Payload;
import io.reactivestore.PersistenceStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Many callers, one batch: who shares it, and how large it may be. */
class GroupCommitTest {

    private final FakeBackend backend = new FakeBackend().hold();
    private final StoreConfig oneLane = FakeBackend.patient().withLanes(1);

    @Test
    void an_idle_store_sends_at_once() {
        CompletableFuture<Long> position = store(oneLane).append(step("a", 1)).toFuture();
        assertThat(backend.underWay()).isEqualTo(1);
        assertThat(position).isNotDone();
        backend.answer();
        assertThat(position).isCompletedWithValue(1L);
    }

    @Test
    void callers_who_arrive_while_a_batch_is_under_way_share_the_next_one() {
        PersistenceStore store = store(oneLane);
        CompletableFuture<Long> first = store.append(step("first", 1)).toFuture();
        List<CompletableFuture<Long>> others = appendOnePerTrace(store, 50);
        assertThat(backend.underWay()).isEqualTo(1);

        backend.answer();
        assertThat(first).isCompletedWithValue(1L);
        assertThat(others).noneMatch(CompletableFuture::isDone);
        assertThat(backend.sizes()).containsExactly(1, 50);

        backend.answer();
        assertThat(others).allSatisfy(other -> assertThat(other).isCompletedWithValue(1L));
    }

    @Test
    void a_full_batch_follows_a_full_batch_of_callers_who_go_on_in_their_answer() {
        // time stands still, so that the lane does not lose its patience with receivers whose code is yet to be
        // compiled
        VirtualTimeScheduler.getOrSet();
        PersistenceStore store = store(oneLane);
        store.append(step("first", 1)).subscribe();
        CompletableFuture<Void> runs = Flux.range(0, 64)
                .flatMap(run -> Flux.range(1, 5).concatMap(step -> store.append(step("run-" + run, step))), 64)
                .then()
                .toFuture();
        for (int batch = 0; batch < 6; batch++) {
            backend.answer();
        }
        assertThat(runs).isCompleted();
        assertThat(backend.sizes()).containsExactly(1, 64, 64, 64, 64, 64);
    }

    @AfterEach
    void time_passes_again() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void appends_of_one_trace_share_a_batch_in_the_order_they_came() {
        PersistenceStore store = store(oneLane);
        store.append(step("first", 1)).subscribe();
        List<CompletableFuture<Long>> steps = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> store.append(step("a", i)).toFuture())
                .toList();
        backend.answer();
        backend.answer();
        assertThat(steps).extracting(CompletableFuture::join).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(backend.ids(1)).containsExactly("a");
    }

    @Test
    void a_batch_has_no_more_rows_than_configured() {
        PersistenceStore store = store(oneLane.withMaxBatchRows(10));
        store.append(step("first", 1)).subscribe();
        List<CompletableFuture<Long>> others = appendOnePerTrace(store, 25);
        backend.letGo();
        assertThat(backend.sizes()).containsExactly(1, 10, 10, 5);
        assertThat(others).allMatch(CompletableFuture::isDone);
    }

    @Test
    void a_batch_takes_no_more_once_it_has_the_bytes_configured() {
        PersistenceStore store = store(oneLane.withMaxBatchBytes(10_000));
        store.append(step("first", 1)).subscribe();
        Payload fourThousand = Payload.of(new byte[4_000], "application/octet-stream");
        for (int i = 0; i < 7; i++) {
            store.append(step("t" + i, 1).withPayload(fourThousand)).subscribe();
        }
        backend.letGo();
        assertThat(backend.sizes()).containsExactly(1, 3, 3, 1);
    }

    @Test
    void a_batch_is_sorted_by_trace_id() {
        PersistenceStore store = store(oneLane);
        store.append(step("first", 1)).subscribe();
        for (String id : List.of("m", "z", "a", "B", "k")) {
            store.append(step(id, 1)).subscribe();
        }
        backend.answer();
        assertThat(backend.ids(1)).containsExactly("B", "a", "k", "m", "z");
    }

    @Test
    void there_are_as_many_batches_under_way_as_lanes() {
        PersistenceStore store = store(FakeBackend.patient().withLanes(3));
        List<CompletableFuture<Long>> all = appendOnePerTrace(store, 100);
        assertThat(backend.underWay()).isEqualTo(3);
        backend.letGo();
        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(backend.sizes()).hasSize(6);
    }

    @Test
    void a_trace_is_never_in_two_batches_under_way() {
        PersistenceStore store = store(FakeBackend.patient().withLanes(8));
        CompletableFuture<Long> one = store.append(step("a", 1)).toFuture();
        CompletableFuture<Long> two = store.append(step("a", 2)).toFuture();
        assertThat(backend.underWay()).isEqualTo(1);
        backend.answer();
        assertThat(one).isCompletedWithValue(1L);
        backend.answer();
        assertThat(two).isCompletedWithValue(2L);
    }

    private PersistenceStore store(StoreConfig config) {
        return JournaledStore.over(backend, config).traces();
    }

    private static List<CompletableFuture<Long>> appendOnePerTrace(PersistenceStore store, int traces) {
        return IntStream.range(0, traces)
                .mapToObj(i -> store.append(step("trace-" + i, 1)).toFuture())
                .toList();
    }
}
