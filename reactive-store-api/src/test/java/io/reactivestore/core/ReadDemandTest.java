package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Payload;
import io.reactivestore.ReactiveStore;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** A journal is read as it is asked for: one page ahead of demand at the most, and no page is large. */
class ReadDemandTest {

    private static final int ENTRIES = 1_000;

    private final FakeBackend backend = new FakeBackend();
    private final ReactiveStore store = JournaledStore.over(backend, StoreConfig.defaults());
    private final Journal journal = store.require(Capability.JOURNAL);

    @Test
    void without_demand_only_the_first_page_and_one_ahead_is_read() {
        fill(16_384);
        StepVerifier.create(journal.read("a", 0), 0)
                .expectSubscription()
                .then(() -> assertThat(backend.pages).hasSizeLessThanOrEqualTo(2))
                .thenCancel()
                .verify();
    }

    @Test
    void no_page_is_read_ahead_of_demand_but_one() {
        fill(16_384);
        StepVerifier.create(journal.read("a", 0), 0)
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> assertThat(pagesBehind(1)).hasSizeLessThanOrEqualTo(1))
                .thenRequest(199)
                .expectNextCount(199)
                .then(() -> assertThat(pagesBehind(200)).hasSizeLessThanOrEqualTo(1))
                .thenRequest(500)
                .expectNextCount(500)
                .then(() -> assertThat(pagesBehind(700)).hasSizeLessThanOrEqualTo(1))
                .thenCancel()
                .verify();
        assertThat(pagesBehind(700)).hasSizeLessThanOrEqualTo(1);
        assertThat(backend.pages).hasSizeGreaterThan(10);
    }

    @Test
    void a_follower_is_served_on_demand_as_well() {
        fill(16_384);
        StepVerifier.create(journal.follow("a", 0), 0)
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> assertThat(pagesBehind(1)).hasSizeLessThanOrEqualTo(1))
                .thenCancel()
                .verify();
    }

    @Test
    void a_page_of_large_payloads_has_few_entries() {
        fill(262_144);
        StepVerifier.create(journal.read("a", 0)).expectNextCount(ENTRIES).verifyComplete();
        for (int i = 2; i < backend.pages.size(); i++) {
            assertThat(backend.pages.get(i) - backend.pages.get(i - 1)).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void a_reader_without_bounds_gets_all_in_order_and_each_page_once() {
        fill(1);
        StepVerifier.create(journal.read("a", 10).map(JournalEntry::position).collectList())
                .assertNext(positions ->
                        assertThat(positions).hasSize(ENTRIES - 10).isSorted().startsWith(11L))
                .verifyComplete();
        assertThat(backend.pages).doesNotHaveDuplicates().hasSizeBetween(2, 3);
    }

    private void fill(int payloadBytes) {
        Payload payload = Payload.of(new byte[payloadBytes], "application/octet-stream");
        for (int i = 1; i <= ENTRIES; i++) {
            store.traces().append(step("a", i).withPayload(payload)).block();
        }
    }

    /** The pages read although nobody has asked for their first entry yet. */
    private List<Long> pagesBehind(long demanded) {
        return backend.pages.stream().filter(start -> start >= demanded).toList();
    }
}
