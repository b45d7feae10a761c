package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.ReactiveStore;
import io.reactivestore.core.Followers.Follower;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Who follows a trace hears at once what this store writes, and does not hold it up. */
class FollowersTest {

    private static final Duration HANG = Duration.ofSeconds(20);

    private final ReactiveStore store =
            JournaledStore.over(new FakeBackend(), StoreConfig.defaults().withFollowInterval(Duration.ofHours(1)));
    private final Journal journal = store.require(Capability.JOURNAL);

    private final Followers followers = new Followers();
    private final Follower follower = followers.enter("a");

    @Test
    void what_this_store_writes_does_not_wait_for_the_interval() {
        StepVerifier.create(journal.follow("a", 0).map(JournalEntry::position))
                .then(() -> store.traces().append(step("a", 1)).block())
                .expectNext(1L)
                .then(() -> store.traces().append(step("a", 2)).block())
                .expectNext(2L)
                .thenCancel()
                .verify(HANG);
    }

    @Test
    void two_followers_of_one_trace_both_hear_everything() {
        var one = journal.follow("a", 0).take(200).count().toFuture();
        var other = journal.follow("a", 0).take(200).count().toFuture();
        for (int i = 1; i <= 200; i++) {
            store.traces().append(step("a", i)).block();
        }
        assertThat(one).succeedsWithin(HANG).isEqualTo(200L);
        assertThat(other).succeedsWithin(HANG).isEqualTo(200L);
    }

    @Test
    void followers_are_served_by_other_threads_than_those_that_write() {
        var thread = journal.follow("a", 0)
                .map(entry -> Thread.currentThread())
                .next()
                .toFuture();
        store.traces().append(step("a", 1)).block();
        assertThat(thread).succeedsWithin(HANG).isNotEqualTo(Thread.currentThread());
        assertThat(Schedulers.isNonBlockingThread(thread.join())).isTrue();
    }

    @Test
    void what_is_written_while_a_page_is_read_is_news() {
        follower.listen();
        tell("a", Set.of());
        assertThat(follower.news().toFuture()).isCompleted();
        follower.listen();
        assertThat(follower.news().toFuture()).isNotDone();
    }

    @Test
    void only_what_is_durable_is_news_and_only_of_the_trace() {
        follower.listen();
        tell("a", Set.of("a"));
        tell("b", Set.of());
        assertThat(follower.news().toFuture()).isNotDone();
    }

    @Test
    void who_has_left_hears_nothing_more() {
        Follower other = followers.enter("a");
        followers.leave(follower);
        tell("a", Set.of());
        assertThat(follower.news().toFuture()).isNotDone();
        assertThat(other.news().toFuture()).isCompleted();
    }

    private void tell(String traceId, Set<String> leftOut) {
        followers.tell(List.of(new TraceAppend(traceId, List.of(), null)), leftOut);
    }
}
