package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.Payload;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.journal.JournalEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An answer that stands on what a batch is only about to write is not given before that batch is durable. */
class AnswersWaitForTheirBatchTest {

    private static final StoreFailedException REFUSED = new StoreFailedException(null, "The tables are missing.", null);

    private final FakeBackend backend = new FakeBackend();
    private final ReactiveStore store =
            JournaledStore.over(backend, FakeBackend.patient().withLanes(1));
    private final ReactiveStore otherProcess = JournaledStore.over(backend.data, FakeBackend.patient());

    @BeforeEach
    void start_the_trace_and_keep_the_lane_busy() {
        store.traces().append(step("a", 1)).block();
        backend.hold();
        store.traces().append(step("first", 1)).subscribe();
    }

    @Test
    void a_duplicate_waits_for_the_entry_it_repeats() {
        CompletableFuture<Long> entry = append(2);
        CompletableFuture<Long> duplicate = append(2);
        backend.answer();
        assertThat(entry).isNotDone();
        assertThat(duplicate).isNotDone();
        backend.answer();
        assertThat(entry).isCompletedWithValue(2L);
        assertThat(duplicate).isCompletedWithValue(2L);
        assertThat(backend.sizes()).containsExactly(1, 1, 1);
    }

    @Test
    void a_duplicate_fails_with_the_entry_it_repeats() {
        CompletableFuture<Long> entry = append(2);
        CompletableFuture<Long> duplicate = append(2);
        backend.answer();
        backend.fail(REFUSED);
        assertThat(failure(entry)).isInstanceOf(StoreFailedException.class);
        assertThat(failure(duplicate)).isInstanceOf(StoreFailedException.class);
    }

    @Test
    void a_refusal_waits_for_the_completion_it_stands_on() {
        CompletableFuture<Void> end = complete(CompletionState.SUCCESS);
        CompletableFuture<Long> late = append(2);
        backend.answer();
        assertThat(late).isNotDone();
        backend.answer();
        assertThat(end).isCompleted();
        assertThat(failure(late)).isInstanceOf(TraceCompletedException.class);
    }

    @Test
    void a_refusal_is_withdrawn_if_the_completion_it_stands_on_failed() {
        CompletableFuture<Void> end = complete(CompletionState.SUCCESS);
        CompletableFuture<Long> late = append(2);
        backend.answer();
        backend.fail(REFUSED);
        assertThat(failure(end)).isInstanceOf(StoreFailedException.class);
        assertThat(failure(late)).isInstanceOf(StoreFailedException.class);

        CompletableFuture<Long> again = append(2);
        backend.letGo();
        assertThat(again).isCompletedWithValue(2L);
    }

    @Test
    void a_conflict_with_an_entry_that_collided_is_decided_anew() {
        otherProcess
                .require(Capability.JOURNAL)
                .append("a", 1, List.of(new JournalEvent.Claimed("another", FakeBackend.AT)))
                .block();
        CompletableFuture<Long> entry = append(2);
        CompletableFuture<Long> conflicting = store.traces()
                .append(step("a", 2).withPayload(Payload.json("\"other\"")))
                .toFuture();
        CompletableFuture<Void> end = complete(CompletionState.SUCCESS);
        CompletableFuture<Long> late = append(3);
        backend.letGo();
        assertThat(failure(entry)).isInstanceOf(ClaimLostException.class);
        assertThat(failure(conflicting)).isInstanceOf(ClaimLostException.class);
        assertThat(failure(end)).isInstanceOf(ClaimLostException.class);
        assertThat(failure(late)).isInstanceOf(ClaimLostException.class);
        assertThat(backend.data.read("a", 0, 10).block()).hasSize(2);
    }

    @Test
    void a_conflict_with_an_entry_of_its_batch_is_told_when_that_entry_is_durable() {
        CompletableFuture<Long> entry = append(2);
        CompletableFuture<Long> conflicting = store.traces()
                .append(step("a", 2).withPayload(Payload.json("\"other\"")))
                .toFuture();
        backend.answer();
        assertThat(conflicting).isNotDone();
        backend.answer();
        assertThat(entry).isCompletedWithValue(2L);
        assertThat(failure(conflicting)).isInstanceOf(StepConflictException.class);
    }

    private CompletableFuture<Long> append(long step) {
        return store.traces().append(step("a", step)).toFuture();
    }

    private CompletableFuture<Void> complete(CompletionState state) {
        return store.traces().complete("a", state).toFuture();
    }

    private static Throwable failure(CompletableFuture<?> caller) {
        assertThat(caller).isCompletedExceptionally();
        return caller.handle((value, error) -> error).join();
    }
}
