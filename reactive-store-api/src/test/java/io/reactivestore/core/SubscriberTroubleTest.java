package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.PersistenceStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** What one subscriber does in its answer is its own affair. */
class SubscriberTroubleTest {

    private final FakeBackend backend = new FakeBackend().hold();
    private final PersistenceStore store =
            JournaledStore.over(backend, FakeBackend.patient().withLanes(1)).traces();

    @Test
    void one_that_throws_does_not_stop_the_others() {
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        store.append(step("first", 1)).subscribe();
        CompletableFuture<Long> before = store.append(step("a", 1)).toFuture();
        store.append(step("b", 1)).subscribe(new Throwing(dropped::add));
        CompletableFuture<Long> behind = store.append(step("c", 1)).toFuture();
        backend.letGo();
        assertThat(before).isCompletedWithValue(1L);
        assertThat(behind).isCompletedWithValue(1L);
        assertThat(dropped).singleElement().satisfies(error -> assertThat(error).hasMessage("in the subscriber"));

        CompletableFuture<Long> later = store.append(step("d", 1)).toFuture();
        assertThat(later).isCompletedWithValue(1L);
    }

    @Test
    void one_that_blocks_its_thread_does_not_stop_other_threads() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        store.append(step("slow", 1)).subscribe(position -> {
            reached.countDown();
            await(release);
        });
        Thread answering = new Thread(backend::answer, "answering");
        answering.start();
        try {
            await(reached);
            CompletableFuture<Long> other = store.append(step("other", 1)).toFuture();
            assertThat(backend.underWay()).isEqualTo(1);
            backend.answer();
            assertThat(other).isCompletedWithValue(1L);
        } finally {
            release.countDown();
            answering.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A subscriber that breaks the rules of Reactive Streams. */
    private record Throwing(Consumer<Throwable> dropped) implements CoreSubscriber<Long> {

        @Override
        public Context currentContext() {
            return Context.of("reactor.onErrorDropped.local", dropped);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Long position) {
            throw new IllegalStateException("in the subscriber");
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException(error.getMessage());
        }

        @Override
        public void onComplete() {}
    }
}
