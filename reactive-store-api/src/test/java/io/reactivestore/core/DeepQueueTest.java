package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.PersistenceStore;
import io.reactivestore.memory.InMemoryBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Recursion ends where the queue begins: no number of callers overflows the stack. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeepQueueTest {

    private static final int CALLS = 100_000;

    private final StoreConfig config = FakeBackend.patient().withLanes(1).withMaxWaitingCallers(2 * CALLS);

    @Test
    void a_hundred_thousand_appends_each_in_the_answer_of_the_one_before() {
        PersistenceStore store =
                JournaledStore.over(new InMemoryBackend(), config).traces();
        assertThat(new Chain(store, "chain", CALLS).start()).isCompletedWithValue(CALLS);
    }

    @Test
    void four_such_chains_at_once() throws Exception {
        PersistenceStore store =
                JournaledStore.over(new InMemoryBackend(), config).traces();
        List<CompletableFuture<Integer>> ends = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Chain chain = new Chain(store, "chain-" + i, CALLS);
            ends.add(chain.end);
            threads.add(new Thread(chain::start, "chain-" + i));
        }
        threads.forEach(Thread::start);
        for (CompletableFuture<Integer> end : ends) {
            assertThat(end.get(4, TimeUnit.MINUTES)).isEqualTo(CALLS);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void a_thread_that_answers_gathers_though_another_one_has_just_done_with_its_answers() throws Exception {
        FakeBackend backend = new FakeBackend().hold();
        PersistenceStore store = JournaledStore.over(backend, config).traces();
        CountDownLatch othersAnswer = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        store.append(step("of-the-other", 1)).subscribe(position -> {
            othersAnswer.countDown();
            await(goOn);
        });
        Thread other = new Thread(backend::answer, "other");
        other.start();
        await(othersAnswer);

        List<Integer> sentInTheAnswer = new ArrayList<>();
        store.append(step("mine", 1)).subscribe(position -> {
            goOn.countDown();
            join(other);
            store.append(step("mine", 2)).subscribe();
            sentInTheAnswer.add(backend.underWay());
        });
        backend.answer();
        assertThat(sentInTheAnswer).containsExactly(0);
        assertThat(backend.underWay()).isEqualTo(1);
    }

    @Test
    void a_hundred_thousand_appends_queued_behind_one() {
        FakeBackend backend = new FakeBackend().hold();
        PersistenceStore store = JournaledStore.over(backend, config).traces();
        CountDownLatch answered = new CountDownLatch(CALLS);
        for (int i = 0; i < CALLS; i++) {
            store.append(step("trace-" + i, 1)).subscribe(position -> answered.countDown());
        }
        backend.letGo();
        await(answered);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Appends to a trace of its own, and in the answer to the next one. */
    private static final class Chain {
        final CompletableFuture<Integer> end = new CompletableFuture<>();
        private final PersistenceStore store;
        private final String name;
        private final int calls;
        private int done;

        Chain(PersistenceStore store, String name, int calls) {
            this.store = store;
            this.name = name;
            this.calls = calls;
        }

        CompletableFuture<Integer> start() {
            try {
                store.append(step(name + "-" + done, 1)).subscribe(position -> next(), end::completeExceptionally);
            } catch (StackOverflowError e) {
                end.completeExceptionally(e);
            }
            return end;
        }

        private void next() {
            if (++done == calls) {
                end.complete(done);
            } else {
                start();
            }
        }
    }
}
