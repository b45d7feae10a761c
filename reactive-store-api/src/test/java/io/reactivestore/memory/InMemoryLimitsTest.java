package io.reactivestore.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.ValuePreview;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What an in-memory store keeps and shows: the traces used last, never one that lives at the cost of another. */
class InMemoryLimitsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void the_trace_that_was_used_longest_ago_goes_first() {
        ReactiveStore store = limited(3);
        ended(store, "a");
        ended(store, "b");
        ended(store, "c");
        ended(store, "d");
        assertThat(ids(store)).containsExactly("b", "c", "d");
    }

    @Test
    void reading_is_a_use() {
        ReactiveStore store = limited(3);
        ended(store, "a");
        ended(store, "b");
        ended(store, "c");
        get(store.traces().load("a"));
        get(catalog(store).find("b"));
        ended(store, "d");
        assertThat(ids(store)).containsExactly("a", "b", "d");
        get(store.require(Capability.JOURNAL).read("a", 0).collectList());
        ended(store, "e");
        assertThat(ids(store)).containsExactly("a", "d", "e");
    }

    @Test
    void writing_is_a_use() {
        ReactiveStore store = limited(2);
        start(store, "a");
        store.traces().complete("a", CompletionState.FAULT).block(LIMIT);
        ended(store, "b");
        store.traces().complete("a", CompletionState.COMPENSATED).block(LIMIT);
        ended(store, "c");
        assertThat(ids(store)).containsExactly("a", "c");
    }

    @Test
    void of_a_trace_that_went_nothing_is_kept_that_left_it() {
        InMemoryBackend backend = new InMemoryBackend();
        ReactiveStore store = JournaledStore.over(backend, StoreConfig.defaults());
        start(store, "a");
        DeadLetter letter = DeadLetter.pending("a", "a", "order", "1", DeadLetterCause.FAULT, AT);
        Delivery delivery = Delivery.due("d", "a", "order", "1", "billing", "FAULT", Payload.json("{}"), AT);
        List<JournalEvent> end = List.of(new JournalEvent.Completed(Completion.of(CompletionState.FAULT, AT)));
        get(store.require(Capability.JOURNAL)
                .appendAfter(
                        "a",
                        Long.MAX_VALUE,
                        end,
                        List.of(new Outgoing.ToDeadLetters(letter), new Outgoing.ToWebhook(delivery))));
        get(store.require(Capability.WEBHOOKS).giveUp(delivery, new DeliveryAttempt(AT, 500, null, Duration.ZERO)));
        assertThat(backend.knowsNothingThatLeft()).isFalse();
        get(catalog(store).delete("a"));
        assertThat(backend.knowsNothingThatLeft()).isTrue();
    }

    @Test
    void a_list_is_no_use_of_what_it_shows() {
        ReactiveStore store = limited(2);
        ended(store, "a");
        ended(store, "b");
        get(catalog(store).list(TraceQuery.newest(10)).collectList());
        ended(store, "c");
        assertThat(ids(store)).containsExactly("b", "c");
    }

    @Test
    void what_runs_or_rests_never_goes_however_many_there_are() {
        ReactiveStore store = limited(2);
        for (String id : List.of("a", "b", "c")) {
            start(store, id);
        }
        get(store.require(Capability.JOURNAL).append("c", List.of(new JournalEvent.Suspended(null, AT))));
        assertThat(ids(store)).containsExactly("a", "b", "c");
        assertThat(get(store.traces().append(step("a", 1)))).isEqualTo(2);
        store.traces().complete("b", CompletionState.SUCCESS).block(LIMIT);
        assertThat(ids(store)).as("the one that has ended makes room at once").containsExactly("a", "c");
    }

    @Test
    void an_id_that_went_is_free_again() {
        ReactiveStore store = limited(1);
        ended(store, "a");
        ended(store, "b");
        assertThat(store.traces().load("a").blockOptional(LIMIT)).isEmpty();
        assertThat(get(store.traces().append(step("a", 5)))).isEqualTo(1);
        assertThat(get(store.traces().load("a")).envelopes()).containsExactly(step("a", 5));
    }

    @Test
    void the_bound_shows_in_the_figures() {
        assertThat(get(catalog(limited(7)).stats(TraceFilter.ALL)).capacity()).isEqualTo(7);
        assertThat(get(catalog(InMemoryStore.create()).stats(TraceFilter.ALL)).capacity())
                .isNull();
    }

    @Test
    void values_are_cut_in_bytes_where_they_are_shown_and_whole_where_they_are_kept() {
        ReactiveStore store = InMemoryStore.create(
                StoreConfig.defaults(), InMemoryLimits.none().withMaxValueSizeBytes(6));
        Payload result = Payload.of("aé漢🧨".getBytes(UTF_8), "text/plain");
        start(store, "a");
        store.traces()
                .complete("a", Completion.of(CompletionState.SUCCESS, AT).withResult(result))
                .block(LIMIT);
        ValuePreview shown = Objects.requireNonNull(
                get(catalog(store).summaries(TraceQuery.newest(1)).next()).output());
        assertThat(shown).isEqualTo(new ValuePreview("aé漢", true, 10, result.hash()));
        assertThat(shown.toString())
                .contains("10 bytes", result.hash().toString().substring(0, 12));
        Completion kept = Objects.requireNonNull(get(store.traces().load("a")).completion());
        assertThat(kept.result()).isEqualTo(result);
    }

    @Test
    void limits_that_make_no_sense_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemoryLimits.none().withMaxTraces(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemoryLimits.none().withMaxValueSizeBytes(-1));
    }

    private static ReactiveStore limited(int traces) {
        return InMemoryStore.create(
                StoreConfig.defaults(), InMemoryLimits.none().withMaxTraces(traces));
    }

    private static void start(ReactiveStore store, String traceId) {
        get(store.traces().append(step(traceId, 0)));
    }

    private static void ended(ReactiveStore store, String traceId) {
        start(store, traceId);
        store.traces().complete(traceId, CompletionState.SUCCESS).block(LIMIT);
    }

    private static PersistenceEnvelope step(String traceId, long step) {
        return PersistenceEnvelope.of(traceId, "order", step, "node", Outcome.SUCCESS, AT);
    }

    private static List<String> ids(ReactiveStore store) {
        return get(catalog(store).ids().collectList());
    }

    private static Catalog catalog(ReactiveStore store) {
        return store.require(Capability.CATALOG);
    }

    private static <T> T get(Mono<T> call) {
        return Objects.requireNonNull(call.block(LIMIT));
    }
}
