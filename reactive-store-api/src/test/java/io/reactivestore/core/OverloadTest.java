package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Payload;
import io.reactivestore.PersistenceStore;
import io.reactivestore.error.StoreOverloadedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Producers that outrun the database are told so, and what was taken is kept. */
class OverloadTest {

    private final FakeBackend backend = new FakeBackend().hold();

    @Test
    void callers_over_the_limit_are_refused_and_those_within_it_are_served_when_the_stall_ends() {
        PersistenceStore store = store(FakeBackend.patient().withMaxWaitingCallers(100));
        List<CompletableFuture<Long>> callers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            callers.add(store.append(step("trace-" + i, 1)).toFuture());
        }
        assertThat(callers.subList(0, 100)).noneMatch(CompletableFuture::isDone);
        assertThat(callers.subList(100, 1_000)).allSatisfy(caller -> {
            StoreOverloadedException refused = refusal(caller);
            assertThat(refused.waitingCallers()).isEqualTo(100);
            assertThat(refused.waitingBytes()).isEqualTo(100 * (512 + 3));
            assertThat(refused.isTransient()).isTrue();
        });
        assertThat(refusal(callers.get(777)).traceId()).isEqualTo("trace-777");

        backend.letGo();
        assertThat(callers.subList(0, 100))
                .allSatisfy(caller -> assertThat(caller).isCompletedWithValue(1L));
        assertThat(backend.data.recent(1_000).block()).hasSize(100);
        assertThat(store.append(step("trace-777", 1)).block()).isEqualTo(1);
    }

    @Test
    void bytes_over_the_limit_are_refused() {
        PersistenceStore store = store(FakeBackend.patient().withMaxWaitingBytes(10_000));
        Payload fourThousand = Payload.of(new byte[4_000], "application/octet-stream");
        List<CompletableFuture<Long>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(store.append(step("trace-" + i, 1).withPayload(fourThousand))
                    .toFuture());
        }
        CompletableFuture<Long> small = store.append(step("small", 1)).toFuture();
        assertThat(callers.subList(0, 2)).noneMatch(CompletableFuture::isDone);
        assertThat(refusal(callers.get(2)).waitingBytes()).isEqualTo(2 * 4_512);
        assertThat(refusal(callers.get(3)).waitingCallers()).isEqualTo(2);
        assertThat(small).isNotDone();

        backend.letGo();
        assertThat(small).isCompletedWithValue(1L);
        assertThat(backend.data.recent(10).block()).hasSize(3);
        assertThat(store.append(step("trace-2", 1).withPayload(fourThousand)).block())
                .isEqualTo(1);
    }

    @Test
    void with_bounded_concurrency_nobody_is_refused() {
        PersistenceStore store = store(FakeBackend.patient().withMaxWaitingCallers(50));
        CompletableFuture<Long> all = Flux.range(0, 1_000)
                .flatMap(i -> store.append(step("trace-" + i, 1)), 50)
                .count()
                .toFuture();
        while (!all.isDone()) {
            backend.answer();
        }
        assertThat(all).isCompletedWithValue(1_000L);
    }

    @Test
    void failures_give_their_place_back() {
        PersistenceStore store =
                store(FakeBackend.patient().withMaxWaitingCallers(1).withWriteRetries(0));
        for (int i = 0; i < 5; i++) {
            CompletableFuture<Long> caller = store.append(step("a", 1)).toFuture();
            assertThat(caller).isNotDone();
            backend.fail(new IllegalStateException("a bug"));
            assertThat(caller).isCompletedExceptionally();
        }
    }

    private PersistenceStore store(StoreConfig config) {
        return JournaledStore.over(backend, config).traces();
    }

    private static StoreOverloadedException refusal(CompletableFuture<?> caller) {
        assertThat(caller).isCompletedExceptionally();
        return (StoreOverloadedException) caller.handle((value, error) -> error).join();
    }
}
