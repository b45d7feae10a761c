package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.PurgePolicy;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.JournalBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A deletion whose answer is lost on its way, or that did not arrive. */
class LostDeletionTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final InMemoryBackend data = new InMemoryBackend();
    private final ReactiveStore store = JournaledStore.over(
            with(
                    JournalBackend.class,
                    data,
                    "catalog",
                    (none, again) -> Optional.of(
                            with(CatalogBackend.class, data.catalog().orElseThrow(), "delete", this::delete))),
            StoreConfig.defaults().withScheduler(time));
    private final Catalog catalog = store.require(Capability.CATALOG);
    private boolean arrives = true;
    private int lost = 1;

    @Test
    void who_deleted_a_trace_is_told_so() {
        ended("a");
        assertThat(inTheEnd(catalog.delete("a"))).isTrue();
        assertThat(catalog.exists("a").block()).isFalse();
        assertThat(inTheEnd(catalog.delete("a"))).isFalse();
    }

    @Test
    void a_purge_counts_what_it_deleted() {
        ended("a");
        ended("b");
        assertThat(inTheEnd(catalog.purge(PurgePolicy.ended()).collectList())).containsExactly(2L);
    }

    @Test
    void what_did_not_arrive_is_tried_again_and_counted_once() {
        arrives = false;
        ended("a");
        ended("b");
        assertThat(inTheEnd(catalog.purge(PurgePolicy.ended().withBatchSize(1)).collectList()))
                .containsExactly(1L, 1L);
    }

    @Test
    void a_new_trace_of_the_id_does_not_hide_that_the_old_one_is_gone() {
        ended("a");
        CompletableFuture<Boolean> deleted = catalog.delete("a").toFuture();
        ended("a", 7);
        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(deleted).isCompletedWithValue(true);
        assertThat(catalog.exists("a").block()).isTrue();
    }

    private <T> T inTheEnd(Mono<T> call) {
        CompletableFuture<T> answer = call.toFuture();
        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(answer).isCompleted();
        return answer.join();
    }

    private void ended(String traceId) {
        ended(traceId, 0);
    }

    private void ended(String traceId, long step) {
        store.traces().append(step(traceId, step)).block();
        store.traces().complete(traceId, CompletionState.SUCCESS).block();
    }

    @SuppressWarnings("unchecked")
    private Object delete(Object[] arguments, Mono<Set<String>> again) {
        Mono<Set<String>> cut = Mono.error(new StoreUnavailableException(null, "The connection was cut.", null));
        return Mono.defer(() -> {
            if (lost-- <= 0) {
                return data.catalog().orElseThrow().delete((List<TraceHead>) arguments[0], (Instant) arguments[1]);
            }
            return arrives ? again.then(cut) : cut;
        });
    }

    /** The same, but for one method. */
    @SuppressWarnings("unchecked")
    private static <T, R> T with(Class<T> type, T same, String method, BiFunction<Object[], R, Object> other) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, called, given) -> {
                    try {
                        Object result = called.invoke(same, given);
                        return called.getName().equals(method) ? other.apply(given, (R) result) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
