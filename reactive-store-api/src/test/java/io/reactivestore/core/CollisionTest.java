package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.AT;
import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.PersistenceStore;
import io.reactivestore.TraceHead;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Somebody else wrote where a batch was to write: only that trace is decided about anew. */
class CollisionTest {

    private final FakeBackend backend = new FakeBackend();
    private final PersistenceStore store =
            JournaledStore.over(backend, FakeBackend.patient().withLanes(1)).traces();
    private final PersistenceStore otherProcess =
            JournaledStore.over(backend.data, FakeBackend.patient()).traces();

    @Test
    void a_collision_is_isolated_to_its_trace() {
        otherProcess.append(step("b", 0)).block();
        backend.hold();
        store.append(step("first", 1)).subscribe();
        CompletableFuture<Long> a = store.append(step("a", 1)).toFuture();
        CompletableFuture<Long> b = store.append(step("b", 1)).toFuture();
        CompletableFuture<Long> c = store.append(step("c", 1)).toFuture();
        backend.answer();
        assertThat(backend.ids(1)).containsExactly("a", "b", "c");

        backend.answer();
        assertThat(a).isCompletedWithValue(1L);
        assertThat(c).isCompletedWithValue(1L);
        assertThat(b).isNotDone();
        assertThat(backend.reads).containsExactly(List.of("b"));

        backend.letGo();
        assertThat(b).isCompletedWithValue(2L);
        assertThat(backend.ids(2)).containsExactly("b");
    }

    @Test
    void callers_of_other_traces_go_on_while_a_collided_one_is_read() {
        otherProcess.append(step("b", 0)).block();
        backend.hold();
        CompletableFuture<Long> b = store.append(step("b", 1)).toFuture();
        backend.answer();
        assertThat(backend.reads).hasSize(1);

        CompletableFuture<Long> c = store.append(step("c", 1)).toFuture();
        assertThat(backend.underWay()).isEqualTo(2);
        backend.answer();
        backend.answer();
        assertThat(c).isCompletedWithValue(1L);
        backend.letGo();
        assertThat(b).isCompletedWithValue(2L);
    }

    @Test
    void what_collided_is_decided_anew_after_reading() {
        store.append(step("a", 1)).block();
        otherProcess.complete("a", CompletionState.CANCELLED).block();
        StepVerifier.create(store.append(step("a", 2)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TraceCompletedException.class,
                                refused -> assertThat(refused.state()).isEqualTo(CompletionState.CANCELLED)))
                .verify();
        assertThat(store.load("a").block())
                .satisfies(trace -> assertThat(trace.position()).isEqualTo(2));
    }

    @Test
    void the_callers_of_a_collided_trace_keep_their_order_behind_what_was_found() {
        store.append(step("a", 1)).block();
        otherProcess
                .saveIntervention("a", Intervention.of("d-1", "node-9", InterventionAction.SKIP, AT))
                .block();
        backend.hold();
        store.append(step("first", 1)).subscribe();
        CompletableFuture<Long> two = store.append(step("a", 2)).toFuture();
        CompletableFuture<Long> three = store.append(step("a", 3)).toFuture();
        backend.answer();
        backend.answer();
        CompletableFuture<Long> late = store.append(step("a", 4)).toFuture();
        backend.letGo();
        assertThat(two).isCompletedWithValue(3L);
        assertThat(three).isCompletedWithValue(4L);
        assertThat(late).isCompletedWithValue(5L);
        assertThat(backend.reads).containsExactly(List.of("a"));
    }

    @Test
    void a_backend_that_reports_collisions_for_ever_is_found_out() {
        JournalBackend liar = new Liar(backend.data);
        StepVerifier.create(JournaledStore.over(liar, FakeBackend.patient())
                        .traces()
                        .append(step("a", 1)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(StoreFailedException.class)
                        .hasMessageContaining("'a'")
                        .hasMessageContaining("contract"))
                .verify();
    }

    /** Leaves every trace out although its journal ends where it should. */
    private record Liar(JournalBackend honest) implements JournalBackend {
        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return Mono.just(batch.stream().map(TraceAppend::traceId).collect(Collectors.toSet()));
        }

        @Override
        public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
            return honest.read(traceId, afterPosition, limit);
        }

        @Override
        public Mono<TraceHead> head(String traceId) {
            return honest.head(traceId);
        }

        @Override
        public Mono<List<TraceHead>> recent(int limit) {
            return honest.recent(limit);
        }

        @Override
        public Optional<CatalogBackend> catalog() {
            return honest.catalog();
        }

        @Override
        public Mono<Void> close() {
            return honest.close();
        }
    }
}
