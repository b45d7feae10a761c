package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.StoreClosedException;
import io.reactivestore.journal.Journal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A store closes behind its last call and takes no new one. */
class StoreCloseTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FakeBackend backend = new FakeBackend().hold();
    private final ReactiveStore store =
            JournaledStore.over(backend, StoreConfig.defaults().withLanes(1).withScheduler(time));

    @Test
    void closing_waits_for_the_calls_under_way_and_those_that_queue() {
        CompletableFuture<Long> underWay = store.traces().append(step("a", 1)).toFuture();
        CompletableFuture<Long> queued = store.traces().append(step("b", 1)).toFuture();
        CompletableFuture<Void> closed = store.close().toFuture();
        backend.answer();
        assertThat(underWay).isCompletedWithValue(1L);
        assertThat(closed).isNotDone();
        assertThat(backend.isClosed()).isFalse();
        backend.answer();
        assertThat(queued).isCompletedWithValue(1L);
        assertThat(closed).isCompleted();
        assertThat(backend.isClosed()).isTrue();
    }

    @Test
    void closing_waits_for_a_reader() {
        backend.letGo();
        store.traces().append(step("a", 1)).block();
        backend.hold();
        CompletableFuture<?> load = store.traces().load("a").toFuture();
        CompletableFuture<Void> closed = store.close().toFuture();
        assertThat(closed).isNotDone();
        backend.letGo();
        assertThat(load).isCompleted();
        assertThat(closed).isCompleted();
    }

    @Test
    void a_cancelled_call_does_not_keep_the_store_open() {
        store.traces().append(step("a", 1)).subscribe();
        store.traces().append(step("b", 1)).subscribe().dispose();
        store.traces().load("a").subscribe().dispose();
        CompletableFuture<Void> closed = store.close().toFuture();
        backend.answer();
        assertThat(closed).isCompleted();
    }

    @Test
    void nothing_is_refused_before_somebody_subscribes_to_the_closing() {
        store.close();
        CompletableFuture<Long> a = store.traces().append(step("a", 1)).toFuture();
        backend.letGo();
        assertThat(a).isCompletedWithValue(1L);
    }

    @Test
    void a_closed_store_refuses_every_call() {
        CompletableFuture<Void> closed = store.close().toFuture();
        assertThat(closed).isCompleted();
        Journal journal = store.require(Capability.JOURNAL);
        refused("a", store.traces().append(step("a", 1)));
        refused("a", store.traces().load("a"));
        refused("a", store.traces().resume("a", 1));
        refused("a", store.traces().complete("a", CompletionState.SUCCESS));
        refused("a", journal.append("a", 0, List.of()));
        refused("a", journal.read("a", 0));
        refused(null, store.require(Capability.CATALOG).recent(1));
        refused("a", store.require(Capability.CATALOG).find("a"));
        assertThat(backend.batches).isEmpty();
    }

    @Test
    void a_closed_store_is_not_followed() {
        store.close().block();
        refused("a", store.require(Capability.JOURNAL).follow("a", 0));
    }

    @Test
    void closing_ends_those_who_follow() {
        backend.letGo();
        CompletableFuture<Void> follower = store.require(Capability.JOURNAL)
                .follow("a", 0)
                .onErrorResume(StoreClosedException.class, closed -> Flux.empty())
                .then()
                .toFuture();
        store.close().block();
        time.advanceTimeBy(StoreConfig.defaults().followInterval());
        assertThat(follower).isCompleted();
    }

    @Test
    void closing_again_does_nothing_and_cancel_does_not_stop_it() {
        store.traces().append(step("a", 1)).subscribe();
        store.close().subscribe().dispose();
        backend.answer();
        assertThat(backend.isClosed()).isTrue();
        StepVerifier.create(store.close()).verifyComplete();
    }

    private static void refused(String traceId, Publisher<?> call) {
        StepVerifier.create(call)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                StoreClosedException.class,
                                closed -> assertThat(closed.traceId()).isEqualTo(traceId)))
                .verify(Duration.ofSeconds(60));
    }
}
