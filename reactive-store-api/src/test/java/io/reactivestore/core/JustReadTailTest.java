package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.PersistenceStore;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is read while a batch is under way is not forgotten before its turn, else a busy lane would read for ever. */
class JustReadTailTest {

    @Test
    void a_reading_answered_during_a_batch_serves_the_next_one() {
        FakeBackend backend = new FakeBackend().hold();
        PersistenceStore store = JournaledStore.over(
                        backend, FakeBackend.patient().withLanes(1).withCachedSteps(0))
                .traces();
        CompletableFuture<Long> unknown = store.append(step("unknown", 5)).toFuture();
        CompletableFuture<Long> fresh = store.append(step("fresh", 1)).toFuture();
        backend.answer();
        assertThat(unknown).isNotDone();
        assertThat(fresh).isNotDone();
        backend.letGo();
        assertThat(fresh).isCompletedWithValue(1L);
        assertThat(unknown).isCompletedWithValue(1L);
        assertThat(backend.reads).hasSize(1);
    }
}
