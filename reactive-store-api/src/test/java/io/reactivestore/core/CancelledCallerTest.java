package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.PersistenceStore;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** C3: after cancel the effect happened entirely or not at all, and nobody else notices. */
class CancelledCallerTest {

    private final FakeBackend backend = new FakeBackend().hold();
    private final PersistenceStore store = JournaledStore.over(
                    backend, FakeBackend.patient().withLanes(1).withMaxWaitingCallers(3))
            .traces();
    private CompletableFuture<Long> first;

    @BeforeEach
    void keep_the_lane_busy() {
        first = store.append(step("first", 1)).toFuture();
    }

    @Test
    void one_who_leaves_before_the_batch_is_dropped() {
        Disposable caller = store.append(step("a", 1)).subscribe();
        CompletableFuture<Long> neighbour = store.append(step("b", 1)).toFuture();
        caller.dispose();
        backend.letGo();
        assertThat(neighbour).isCompletedWithValue(1L);
        assertThat(backend.ids(1)).containsExactly("b");
    }

    @Test
    void one_who_leaves_during_the_batch_has_written() {
        Disposable caller = store.append(step("a", 1)).subscribe();
        CompletableFuture<Long> neighbour = store.append(step("a", 2)).toFuture();
        backend.answer();
        caller.dispose();
        backend.answer();
        assertThat(first).isCompletedWithValue(1L);
        assertThat(neighbour).isCompletedWithValue(2L);
        assertThat(backend.data.read("a", 0, 10).block()).hasSize(2);
    }

    @Test
    void one_who_leaves_while_the_trace_is_read_is_dropped() {
        Disposable caller = store.append(step("a", 7)).subscribe();
        CompletableFuture<Long> neighbour = store.append(step("a", 8)).toFuture();
        backend.answer();
        caller.dispose();
        backend.letGo();
        assertThat(neighbour).isCompletedWithValue(1L);
    }

    @Test
    void those_who_left_do_not_count_as_waiting_once_their_turn_has_come() {
        store.append(step("a", 1)).subscribe().dispose();
        store.append(step("b", 1)).subscribe().dispose();
        backend.answer();
        assertThat(backend.underWay()).isZero();
        for (String id : new String[] {"c", "d", "e"}) {
            CompletableFuture<Long> caller = store.append(step(id, 1)).toFuture();
            assertThat(caller).isNotDone();
        }
        backend.letGo();
    }
}
