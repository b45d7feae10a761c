package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.WORKFLOW;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.Catalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The facet CATALOG. */
abstract class CatalogRules extends Subject {

    CatalogRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void CATALOG_find_gives_the_head_that_load_shows() {
        get(traces().append(step(TRACE, 0).withVersion("3")));
        TraceHead head = get(catalog(store()).find(TRACE));
        assertThat(head)
                .isEqualTo(
                        new TraceHead(TRACE, WORKFLOW, "3", TraceStatus.RUNNING, AT, AT).running(writer(TRACE, 1), AT));
        assertThat(head).isEqualTo(load().head());
        assertThat(get(catalog(open()).find(TRACE))).isEqualTo(head);
    }

    @Test
    void CATALOG_find_shows_how_a_trace_ended() {
        for (CompletionState state : CompletionState.values()) {
            String traceId = "ended-" + state;
            get(traces().append(step(traceId, 0)));
            run(traces().complete(traceId, end(state)));
            TraceHead head = get(catalog(open()).find(traceId));
            assertThat(head.status()).isEqualTo(TraceStatus.of(state));
            assertThat(head.updatedAt()).isEqualTo(end(state).at());
            assertThat(head).isEqualTo(load(store(), traceId).head());
        }
    }

    @Test
    void CATALOG_find_shows_that_a_fault_was_compensated() {
        append(0);
        run(traces().complete(TRACE, end(CompletionState.FAULT)));
        run(traces().complete(TRACE, end(CompletionState.COMPENSATED)));
        assertThat(get(catalog(open()).find(TRACE)).status()).isEqualTo(TraceStatus.COMPENSATED);
    }

    @Test
    void CATALOG_find_of_an_unknown_trace_is_empty() {
        append(0);
        assertThat(catalog(store()).find("trace-").blockOptional(HANG)).isEmpty();
        assertThat(catalog(store()).find("TRACE-1").blockOptional(HANG)).isEmpty();
    }

    @Test
    void CATALOG_recent_is_empty_in_an_empty_store() {
        assertThat(get(catalog(store()).recent(1).collectList())).isEmpty();
    }

    @Test
    void CATALOG_recent_lists_the_newest_by_creation_whatever_the_order_of_writing() {
        List<Integer> days = new ArrayList<>();
        for (int day = 0; day < 40; day++) {
            days.add(day);
        }
        Collections.shuffle(days, new Random(3));
        for (int day : days) {
            create("day-" + day, AT.plusSeconds(86_400L * day));
        }
        run(traces().complete("day-0", Completion.of(CompletionState.SUCCESS, AT.plusSeconds(86_400L * 50))));
        get(traces().append(step("day-1", 5)));
        assertThat(get(catalog(open()).recent(5).collectList()))
                .extracting(TraceHead::traceId)
                .containsExactly("day-39", "day-38", "day-37", "day-36", "day-35");
        assertThat(get(catalog(store()).recent(40).collectList()))
                .extracting(TraceHead::createdAt)
                .isSortedAccordingTo(Comparator.reverseOrder())
                .hasSize(40);
    }

    @Test
    void CATALOG_recent_breaks_ties_by_the_id_downwards_letter_by_letter() {
        for (String id : List.of("b", "a", "B", "a-1", "a1", "A", "a_1", "10", "9", "é", "z")) {
            create(id, AT);
        }
        create("older", AT.minusNanos(1_000));
        create("newer", AT.plusNanos(1_000));
        assertThat(get(catalog(open()).recent(100).collectList()))
                .extracting(TraceHead::traceId)
                .containsExactly("newer", "é", "z", "b", "a_1", "a1", "a-1", "a", "B", "A", "9", "10", "older");
    }

    @Test
    void CATALOG_recent_gives_no_more_than_its_limit_and_no_trace_twice() {
        get(Flux.range(0, 1_010)
                .flatMap(n -> traces().append(step("trace/" + n, 0)), 64)
                .count());
        Catalog catalog = catalog(store());
        for (int limit : new int[] {1, 2, 999, Catalog.MAX_LIMIT}) {
            List<TraceHead> heads = get(catalog.recent(limit).collectList());
            assertThat(heads).hasSize(limit).extracting(TraceHead::traceId).doesNotHaveDuplicates();
        }
    }

    @Test
    void CATALOG_recent_gives_on_demand_and_may_be_left() {
        for (int i = 0; i < 5; i++) {
            create("trace/" + i, AT.plusSeconds(i));
        }
        StepVerifier.create(catalog(store()).recent(5), 0)
                .thenRequest(2)
                .expectNextCount(2)
                .thenRequest(1)
                .expectNextMatches(head -> head.traceId().equals("trace/2"))
                .thenCancel()
                .verify(HANG);
        awaitNoConnectionInUse();
        assertThat(get(catalog(store()).recent(5).count())).isEqualTo(5);
    }

    private void create(String traceId, Instant at) {
        get(traces().append(PersistenceEnvelope.of(traceId, WORKFLOW, 0, "node-0", Outcome.SUCCESS, at)));
    }
}
