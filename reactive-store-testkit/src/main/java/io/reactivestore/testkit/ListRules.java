package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.TraceCursor;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TracePage;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceStats;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** K1 to K4, K6 and K7: which traces a question finds, in which order, and how many there are. */
abstract class ListRules extends Subject {

    private static final long SEED = 20_261_121;
    private static final int TRACES = 60;
    private static final int QUESTIONS = STRESS ? 2_000 : 120;
    private static final List<String> WORKFLOWS = List.of("order", "Order", "refund");

    private final Random random = new Random(SEED);
    private final Map<String, TraceTags> tags = new HashMap<>();
    private final List<TraceHead> heads = new ArrayList<>();

    ListRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void K1_a_trace_exists_from_its_first_entry_on() {
        assertThat(get(catalog(store()).exists(TRACE))).isFalse();
        append(0);
        assertThat(get(catalog(open()).exists(TRACE))).isTrue();
        assertThat(get(catalog(store()).exists("TRACE-1"))).isFalse();
    }

    @Test
    void K2_a_filter_finds_what_meets_all_its_conditions_and_nothing_else() {
        populate();
        Catalog catalog = catalog(open());
        for (int i = 0; i < QUESTIONS; i++) {
            TraceFilter filter = anyFilter();
            assertThat(get(catalog.list(TraceQuery.of(filter, 1_000)).collectList()))
                    .as("seed %d, question %d: %s", SEED, i, filter)
                    .containsExactlyElementsOf(matching(filter));
        }
    }

    @Test
    void K2_values_are_compared_letter_by_letter_whatever_they_hold() {
        List<String> values = List.of("web", "Web", "WEB", "we", "web ", "%", "w_b", "o'web", "{web}", "wéb", "漢字");
        for (int i = 0; i < values.size(); i++) {
            create("trace-" + i, "order", AT, TraceTags.NONE.withSource(values.get(i)));
        }
        for (int i = 0; i < values.size(); i++) {
            TraceFilter filter = TraceFilter.ALL.withSource(values.get(i));
            assertThat(ids(filter)).as(values.get(i)).containsExactly("trace-" + i);
        }
        assertThat(ids(TraceFilter.ALL.withTag("Source", "web"))).isEmpty();
    }

    @Test
    void K2_a_filter_takes_as_many_names_and_tags_as_it_may_hold() {
        List<String> workflows = new ArrayList<>();
        for (int i = 0; i < TraceFilter.MAX_WORKFLOWS; i++) {
            workflows.add("workflow-" + i);
            create("trace-" + i, "workflow-" + i, AT, TraceTags.NONE);
        }
        TraceFilter named = TraceFilter.ALL.withWorkflows(workflows.toArray(String[]::new));
        Catalog catalog = catalog(open());
        assertThat(get(catalog.count(named))).isEqualTo(TraceFilter.MAX_WORKFLOWS);
        assertThat(get(catalog.list(TraceQuery.of(named, 10).after(new TraceCursor(AT, "trace-3")))
                        .map(TraceHead::traceId)
                        .collectList()))
                .containsExactly(
                        "trace-29",
                        "trace-28",
                        "trace-27",
                        "trace-26",
                        "trace-25",
                        "trace-24",
                        "trace-23",
                        "trace-22",
                        "trace-21",
                        "trace-20");
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < TraceTags.MAX_TAGS; i++) {
            all.put("tag-" + i, "value-" + i);
        }
        TraceTags described = new TraceTags(all);
        get(catalog.update("trace-7", none -> described));
        assertThat(ids(new TraceFilter(Set.of(), Set.of(), described, null, null)))
                .containsExactly("trace-7");
        assertThat(get(catalog.tags("trace-7"))).isEqualTo(described);
    }

    @Test
    void K2_who_names_something_twice_names_it_once() {
        create("trace-1", "order", AT, TraceTags.NONE);
        assertThat(ids(TraceFilter.ALL
                        .withWorkflows("order", "order")
                        .withStatuses(TraceStatus.RUNNING, TraceStatus.RUNNING)))
                .containsExactly("trace-1");
        assertThatIllegalArgumentException().isThrownBy(() -> TraceFilter.ALL.withWorkflows("order", missing()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceFilter.ALL.withStatuses(TraceStatus.FAULT, missing()));
    }

    @Test
    void K2_a_window_holds_its_start_and_not_its_end() {
        create("before", "order", AT.minusNanos(1_000), TraceTags.NONE);
        create("start", "order", AT, TraceTags.NONE);
        create("within", "order", AT.plusSeconds(1), TraceTags.NONE);
        create("end", "order", AT.plusSeconds(2), TraceTags.NONE);
        assertThat(ids(TraceFilter.ALL.withCreated(AT, AT.plusSeconds(2)))).containsExactly("within", "start");
        assertThat(ids(TraceFilter.ALL.withCreated(AT, null))).containsExactly("end", "within", "start");
        assertThat(ids(TraceFilter.ALL.withCreated(null, AT))).containsExactly("before");
        assertThat(ids(TraceFilter.ALL.withCreated(AT.plusSeconds(2), AT))).isEmpty();
    }

    @Test
    void K2_what_is_out_of_range_is_refused_at_the_call() {
        assertThatIllegalArgumentException().isThrownBy(() -> TraceQuery.newest(0));
        assertThatIllegalArgumentException().isThrownBy(() -> TraceQuery.newest(Catalog.MAX_LIMIT + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceQuery.newest(1).withOffset(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> TraceFilter.ALL.withWorkflows(""));
        assertThatIllegalArgumentException().isThrownBy(() -> TraceFilter.ALL.withTag("name", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> catalog(store()).list(missing()));
    }

    @Test
    void K3_offset_and_limit_cut_a_part_out_of_the_same_list() {
        populate();
        Catalog catalog = catalog(store());
        for (int i = 0; i < QUESTIONS / 4; i++) {
            TraceFilter filter = anyFilter();
            List<TraceHead> all = matching(filter);
            int offset = random.nextInt(TRACES);
            int limit = 1 + random.nextInt(TRACES);
            assertThat(get(catalog.list(TraceQuery.of(filter, limit).withOffset(offset))
                            .collectList()))
                    .as("%s, offset %d, limit %d", filter, offset, limit)
                    .containsExactlyElementsOf(
                            all.stream().skip(offset).limit(limit).toList());
        }
    }

    @Test
    void K3_cursors_lead_to_the_end_and_miss_and_repeat_nothing() {
        populate();
        Catalog catalog = catalog(open());
        for (int i = 0; i < QUESTIONS / 6; i++) {
            TraceFilter filter = i == 0 ? TraceFilter.ALL : anyFilter();
            int limit = 1 + random.nextInt(7);
            List<TraceHead> found = new ArrayList<>();
            TraceCursor after = null;
            TracePage page;
            do {
                page = get(catalog.page(TraceQuery.of(filter, limit).after(after)));
                found.addAll(page.heads());
                after = page.next();
            } while (after != null);
            assertThat(found).as("%s by %d", filter, limit).containsExactlyElementsOf(matching(filter));
        }
    }

    @Test
    void K3_a_cursor_holds_when_its_trace_is_gone_and_newer_ones_have_come() {
        for (int i = 0; i < 6; i++) {
            create("trace-" + i, "order", AT, TraceTags.NONE);
            end("trace-" + i, CompletionState.SUCCESS);
        }
        Catalog catalog = catalog(store());
        TraceCursor after = new TraceCursor(AT, "trace-3");
        assertThat(get(catalog.delete("trace-3"))).isTrue();
        create("trace-9", "order", AT, TraceTags.NONE);
        assertThat(get(catalog.list(TraceQuery.newest(10).after(after))
                        .map(TraceHead::traceId)
                        .collectList()))
                .containsExactly("trace-2", "trace-1", "trace-0");
    }

    @Test
    void K4_a_total_counts_with_the_same_filter_whatever_part_is_shown() {
        populate();
        Catalog catalog = catalog(open());
        for (int i = 0; i < QUESTIONS / 4; i++) {
            TraceFilter filter = anyFilter();
            int expected = matching(filter).size();
            assertThat(get(catalog.count(filter))).as("%s", filter).isEqualTo(expected);
            TracePage page = get(catalog.page(TraceQuery.of(filter, 3).withOffset(2)));
            assertThat(page.total()).as("%s", filter).isEqualTo(expected);
            assertThat(page.heads()).hasSize(Math.max(0, Math.min(3, expected - 2)));
        }
    }

    @Test
    void K6_figures_are_those_of_the_traces_that_meet_the_filter() {
        assertThat(get(catalog(store()).stats(TraceFilter.ALL))).isEqualTo(new TraceStats(Map.of(), null, null, null));
        populate();
        Catalog catalog = catalog(open());
        for (int i = 0; i < QUESTIONS / 4; i++) {
            TraceFilter filter = i == 0 ? TraceFilter.ALL : anyFilter();
            List<TraceHead> expected = matching(filter);
            TraceStats stats = get(catalog.stats(filter));
            assertThat(stats.total()).as("%s", filter).isEqualTo(expected.size());
            for (TraceStatus status : TraceStatus.values()) {
                assertThat(stats.count(status))
                        .isEqualTo(expected.stream()
                                .filter(head -> head.status() == status)
                                .count());
            }
            assertThat(stats.newest())
                    .isEqualTo(expected.isEmpty() ? null : expected.get(0).createdAt());
            assertThat(stats.oldest())
                    .isEqualTo(
                            expected.isEmpty()
                                    ? null
                                    : expected.get(expected.size() - 1).createdAt());
        }
    }

    @Test
    void K7_all_ids_come_once_on_demand_and_may_be_left() {
        int traces = 1_005;
        get(Flux.range(0, traces)
                .flatMap(n -> traces().append(Samples.step("trace/" + n, 0)), 64)
                .count());
        List<String> ids = get(catalog(open()).ids().collectList());
        assertThat(ids).hasSize(traces).doesNotHaveDuplicates();
        StepVerifier.create(catalog(store()).ids(), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .thenCancel()
                .verify(HANG);
        awaitNoConnectionInUse();
    }

    private void populate() {
        for (int i = 0; i < TRACES; i++) {
            String traceId = (random.nextBoolean() ? "trace-" : "Trace-") + i;
            TraceTags described = TraceTags.NONE;
            if (random.nextInt(3) > 0) {
                described = described.withSource("source-" + random.nextInt(2));
            }
            if (random.nextInt(3) > 0) {
                described = described.with("customer", "c" + random.nextInt(2));
            }
            create(traceId, WORKFLOWS.get(random.nextInt(3)), AT.plusSeconds(random.nextInt(6)), described);
            int fate = random.nextInt(7);
            if (fate == 0) {
                get(journal().append(traceId, List.of(new Suspended(null, AT.plusSeconds(30)))));
            } else if (fate > 1) {
                end(traceId, CompletionState.values()[fate - 2]);
            }
            heads.add(get(catalog(store()).find(traceId)));
        }
    }

    private void create(String traceId, String workflow, Instant at, TraceTags described) {
        get(traces().append(PersistenceEnvelope.of(traceId, workflow, 0, "node-0", Outcome.SUCCESS, at)));
        if (!described.values().isEmpty()) {
            get(catalog(store()).update(traceId, none -> described));
        }
        tags.put(traceId, described);
    }

    private void end(String traceId, CompletionState state) {
        run(traces().complete(traceId, Completion.of(state, AT.plusSeconds(60))));
    }

    private TraceFilter anyFilter() {
        TraceFilter filter = TraceFilter.ALL;
        if (random.nextBoolean()) {
            filter = random.nextBoolean()
                    ? filter.withWorkflows(WORKFLOWS.get(random.nextInt(3)))
                    : filter.withWorkflows("refund", "unknown", "order");
        }
        if (random.nextBoolean()) {
            Set<TraceStatus> statuses = new HashSet<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                statuses.add(TraceStatus.values()[random.nextInt(7)]);
            }
            filter = filter.withStatuses(statuses);
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withSource("source-" + random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withTag("customer", "c" + random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            Instant from = AT.plusSeconds(random.nextInt(6));
            filter = filter.withCreated(from, random.nextBoolean() ? null : from.plusSeconds(random.nextInt(4)));
        }
        return filter;
    }

    private List<TraceHead> matching(TraceFilter filter) {
        return heads.stream()
                .filter(head ->
                        filter.workflows().isEmpty() || filter.workflows().contains(head.workflow()))
                .filter(head -> filter.statuses().isEmpty() || filter.statuses().contains(head.status()))
                .filter(head -> tags.getOrDefault(head.traceId(), TraceTags.NONE)
                        .values()
                        .entrySet()
                        .containsAll(filter.tags().values().entrySet()))
                .filter(head -> filter.createdFrom() == null || head.createdAt().compareTo(filter.createdFrom()) >= 0)
                .filter(head -> filter.createdTo() == null || head.createdAt().compareTo(filter.createdTo()) < 0)
                .sorted(Comparator.comparing(TraceHead::createdAt)
                        .thenComparing(TraceHead::traceId)
                        .reversed())
                .toList();
    }

    private List<String> ids(TraceFilter filter) {
        return get(catalog(open())
                .list(TraceQuery.of(filter, 100))
                .map(TraceHead::traceId)
                .collectList());
    }
}
