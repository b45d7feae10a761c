package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.AT;
import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A batch fails: what is tried again, what is recognised as written, and who learns of it. */
class LostAnswerTest {

    private static final StoreException CUT = new StoreUnavailableException(null, "The connection was cut.", null);
    private static final StoreException REFUSED = new StoreFailedException(null, "The tables are missing.", null);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FakeBackend backend = new FakeBackend().hold();
    private final ReactiveStore whole = JournaledStore.over(
            backend, StoreConfig.defaults().withLanes(1).withWriteRetries(3).withScheduler(time));
    private final PersistenceStore store = whole.traces();
    private final PersistenceStore otherProcess =
            JournaledStore.over(backend.data, StoreConfig.defaults()).traces();

    @Test
    void what_a_lost_answer_left_behind_is_recognised_and_not_written_twice() {
        store.append(step("first", 1)).subscribe();
        CompletableFuture<Long> a = store.append(step("a", 1)).toFuture();
        CompletableFuture<Long> again = store.append(step("a", 2)).toFuture();
        backend.answer();
        backend.loseAnswer(CUT);
        assertThat(a).isNotDone();

        pause();
        assertThat(backend.batches.get(2)).isEqualTo(backend.batches.get(1));
        backend.letGo();
        assertThat(a).isCompletedWithValue(1L);
        assertThat(again).isCompletedWithValue(2L);
        assertThat(journal("a")).hasSize(2);
        assertThat(backend.batches).hasSize(3);
    }

    @Test
    void an_append_at_a_position_whose_answer_was_lost_does_not_conflict_with_itself() {
        store.append(step("a", 1)).subscribe();
        backend.answer();
        CompletableFuture<Long> note = whole.require(Capability.JOURNAL)
                .append("a", 1, List.of(new JournalEvent.Custom("note", null, AT)))
                .toFuture();
        backend.loseAnswer(CUT);
        pause();
        backend.letGo();
        assertThat(note).isCompletedWithValue(2L);
        assertThat(journal("a")).hasSize(2);
    }

    @Test
    void a_lost_answer_is_recognised_although_somebody_wrote_behind_it() {
        CompletableFuture<Long> a = store.append(step("a", 1)).toFuture();
        backend.loseAnswer(CUT);
        otherProcess
                .saveIntervention("a", Intervention.of("d-1", "node-2", InterventionAction.SKIP, AT))
                .block();
        pause();
        backend.letGo();
        assertThat(a).isCompletedWithValue(1L);
        assertThat(journal("a")).hasSize(2);
    }

    @Test
    void what_did_not_get_through_is_written_by_the_next_try() {
        CompletableFuture<Long> a = store.append(step("a", 1)).toFuture();
        backend.fail(CUT);
        pause();
        backend.fail(CUT);
        pause();
        backend.letGo();
        assertThat(a).isCompletedWithValue(1L);
        assertThat(journal("a")).hasSize(1);
        assertThat(backend.reads).isEmpty();
    }

    @Test
    void what_somebody_else_wrote_between_two_tries_is_not_taken_for_ones_own() {
        CompletableFuture<Long> a = store.append(step("a", 1)).toFuture();
        backend.fail(CUT);
        otherProcess.append(step("a", 0)).block();
        pause();
        backend.letGo();
        assertThat(a).isCompletedWithValue(2L);
        assertThat(journal("a")).hasSize(2);
    }

    @Test
    void when_the_tries_are_used_up_each_caller_learns_it_of_its_own_trace() {
        store.append(step("first", 1)).subscribe();
        CompletableFuture<Long> a = store.append(step("a", 1)).toFuture();
        CompletableFuture<Long> b = store.append(step("b", 1)).toFuture();
        backend.answer();
        for (int tries = 0; tries < 4; tries++) {
            assertThat(a).isNotDone();
            backend.fail(CUT);
            pause();
        }
        assertThat(backend.underWay()).isZero();
        assertThat(failure(a)).isInstanceOf(StoreUnavailableException.class).hasMessage(CUT.getMessage());
        assertThat(failure(a).traceId()).isEqualTo("a");
        assertThat(failure(b).traceId()).isEqualTo("b");
        assertThat(failure(a).isTransient()).isTrue();
        assertThat(failure(a)).hasRootCause(CUT);
    }

    @Test
    void a_call_repeated_after_all_tries_lost_their_answers_is_absorbed() {
        CompletableFuture<Long> a = store.append(step("a", 5)).toFuture();
        backend.answer();
        for (int tries = 0; tries < 4; tries++) {
            backend.loseAnswer(CUT);
            pause();
        }
        assertThat(failure(a)).isInstanceOf(StoreUnavailableException.class);
        CompletableFuture<Long> again = store.append(step("a", 5)).toFuture();
        backend.letGo();
        assertThat(again).isCompletedWithValue(1L);
        assertThat(journal("a")).hasSize(1);
    }

    @Test
    void trouble_that_stays_is_not_tried_again_and_reaches_each_caller() {
        store.append(step("first", 1)).subscribe();
        CompletableFuture<Long> a = store.append(step("a", 1)).toFuture();
        CompletableFuture<Void> b = store.append(step("b", 1)).then().toFuture();
        backend.answer();
        backend.fail(REFUSED);
        pause();
        assertThat(backend.batches).hasSize(2);
        assertThat(failure(a)).isInstanceOf(StoreFailedException.class).hasMessage(REFUSED.getMessage());
        assertThat(failure(a).traceId()).isEqualTo("a");
        assertThat(failure(b).traceId()).isEqualTo("b");
        assertThat(failure(a).isTransient()).isFalse();
    }

    @Test
    void a_failed_batch_leaves_no_trace_in_memory_and_the_store_goes_on() {
        CompletableFuture<Long> lost = store.append(step("a", 1)).toFuture();
        backend.fail(REFUSED);
        assertThat(lost).isCompletedExceptionally();
        CompletableFuture<Long> a = store.append(step("a", 2)).toFuture();
        backend.letGo();
        assertThat(a).isCompletedWithValue(1L);
        assertThat(journal("a")).hasSize(1);
    }

    @Test
    void trouble_in_reading_reaches_only_those_whose_traces_were_to_be_read() {
        CompletableFuture<Long> unknown = store.append(step("unknown", 7)).toFuture();
        CompletableFuture<Long> fresh = store.append(step("fresh", 1)).toFuture();
        backend.fail(CUT);
        backend.answer();
        assertThat(fresh).isCompletedWithValue(1L);
        for (int tries = 1; tries < 4; tries++) {
            assertThat(unknown).isNotDone();
            pause();
            backend.fail(CUT);
        }
        assertThat(failure(unknown).traceId()).isEqualTo("unknown");
        assertThat(failure(unknown)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void an_error_that_is_no_store_exception_arrives_as_one() {
        CompletableFuture<Long> a = store.append(step("a", 1)).toFuture();
        backend.fail(new IllegalStateException("a bug"));
        assertThat(failure(a)).isInstanceOf(StoreFailedException.class).hasRootCauseMessage("a bug");
    }

    /** Longer than the longest pause between two tries. */
    private void pause() {
        time.advanceTimeBy(Duration.ofSeconds(10));
    }

    private List<JournalEntry> journal(String traceId) {
        return backend.data.read(traceId, 0, 100).block();
    }

    private static StoreException failure(CompletableFuture<?> caller) {
        assertThat(caller).isCompletedExceptionally();
        return (StoreException) caller.handle((value, error) -> error).join();
    }
}
