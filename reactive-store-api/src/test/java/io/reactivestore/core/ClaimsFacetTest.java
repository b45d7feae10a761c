package io.reactivestore.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.Capability;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.claims.Claims;
import io.reactivestore.error.CapabilityMissingException;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** What the facet CLAIMS asks of a backend, and the decision that is about the whole trace. */
class ClaimsFacetTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void a_backend_without_claims_makes_a_store_that_says_what_it_has() {
        ReactiveStore store = JournaledStore.over(new Plain(new InMemoryBackend()), StoreConfig.defaults());
        assertThat(store.find(Capability.CLAIMS)).isEmpty();
        assertThat(store.capabilities()).containsExactlyInAnyOrder(Capability.JOURNAL, Capability.CATALOG);
        assertThatThrownBy(() -> store.require(Capability.CLAIMS))
                .isInstanceOf(CapabilityMissingException.class)
                .hasMessageContaining("CLAIMS")
                .hasMessageContaining("CATALOG, JOURNAL");
    }

    @Test
    void a_claim_whose_answer_was_lost_is_claimed_once() {
        FakeBackend backend = new FakeBackend();
        ReactiveStore old = JournaledStore.over(backend.data, StoreConfig.defaults());
        old.traces().append(FakeBackend.step("a", 0)).block(LIMIT);
        TraceHead head = Objects.requireNonNull(backend.head("a").block(LIMIT));
        Claims claims = JournaledStore.over(
                        backend, StoreConfig.defaults().withWriteRetries(3).withWriteBackoff(Duration.ofMillis(1)))
                .require(Capability.CLAIMS);
        backend.hold();
        var claimed = claims.claim(head, "me").toFuture();
        backend.answer();
        backend.loseAnswer(new StoreUnavailableException(null, "the answer was lost", null));
        backend.letGo();
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!claimed.isDone() && System.nanoTime() < end) {
            backend.letGo();
            Thread.onSpinWait();
        }
        assertThat(claimed.join().position()).isEqualTo(2);
        assertThat(backend.data.read("a", 0, 10).block(LIMIT)).hasSize(2);
    }

    @Test
    void a_cancel_has_the_trace_as_its_target() {
        Intervention cancel = Intervention.of("c", "$trace", InterventionAction.CANCEL, FakeBackend.AT);
        assertThat(cancel.targetNode()).isEqualTo(Intervention.TRACE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervention.of("c", "node", InterventionAction.CANCEL, FakeBackend.AT));
    }

    @ParameterizedTest
    @EnumSource(value = InterventionAction.class, mode = EnumSource.Mode.EXCLUDE, names = "CANCEL")
    void no_other_action_is_about_the_trace(InterventionAction action) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervention.of("d", Intervention.TRACE, action, FakeBackend.AT))
                .withMessageContaining("CANCEL");
    }

    @Test
    void no_step_is_the_trace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        PersistenceEnvelope.of("a", "order", 1, Intervention.TRACE, Outcome.SUCCESS, FakeBackend.AT));
    }

    private record Plain(JournalBackend inner) implements JournalBackend {
        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch);
        }

        @Override
        public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
            return inner.read(traceId, afterPosition, limit);
        }

        @Override
        public Mono<TraceHead> head(String traceId) {
            return inner.head(traceId);
        }

        @Override
        public Mono<List<TraceHead>> recent(int limit) {
            return inner.recent(limit);
        }

        @Override
        public Optional<CatalogBackend> catalog() {
            return inner.catalog();
        }

        @Override
        public Mono<Void> close() {
            return inner.close();
        }
    }
}
