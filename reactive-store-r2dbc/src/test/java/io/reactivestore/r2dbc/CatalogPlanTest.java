package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceCursor;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.spi.CatalogBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/**
 * However many traces there are, a list is read by index and costs what it shows, at its end as at its start. With
 * {@code -Pstress} there are a million; on H2, which keeps them in the memory of the test, a fifth of that.
 */
class CatalogPlanTest {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final boolean STRESS = Boolean.getBoolean("reactivestore.stress");
    private static final int PAGE = 500;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** H2 looks into each of two parts for each of seven statuses. */
    private static final int MOST_PARTS = 14;

    /** Most have ended well, ten in a hundred did not, a few run or rest; seven were made at a time. */
    private static final String HEADS = """
            INSERT INTO rs_trace (trace_id, workflow, version, status, created_at, updated_at) \
            SELECT CONCAT('trace-', x), CASE WHEN MOD(x, 3) = 0 THEN 'order' WHEN MOD(x, 3) = 1 THEN 'refund' ELSE 'import' END, \
            '1', CASE WHEN MOD(x, 10) = 0 THEN 3 WHEN MOD(x, 101) = 0 THEN MOD(x, 2) WHEN MOD(x, 97) = 0 THEN 4 ELSE 2 END, \
            TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00' + x / 7 * INTERVAL '1' SECOND, \
            TIMESTAMP WITH TIME ZONE '2026-02-01 00:00:00+00' FROM ${numbers}""";

    private static final String TAGS = """
            INSERT INTO rs_tag (trace_id, name, tag_value, created_at) SELECT trace_id, ${name}, ${value}, created_at \
            FROM rs_trace WHERE status = 3""";

    @ParameterizedTest
    @EnumSource(Database.class)
    void each_list_is_read_by_index(Database kind) {
        try (TestDatabase database = filled(kind)) {
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            SqlBackend backend = database.backend(connections, R2dbcConfig.defaults());
            CatalogBackend catalog = backend.catalog().orElseThrow();
            TraceFilter orders = TraceFilter.ALL.withWorkflows("order");
            TraceFilter web = TraceFilter.ALL.withSource("web");
            Instant middle = START.plusSeconds(traces(kind) / 14);
            TraceCursor there = new TraceCursor(middle, "trace-5");
            Map<String, Mono<?>> asked = new LinkedHashMap<>();
            asked.put("all", catalog.list(TraceQuery.newest(PAGE)));
            asked.put("all, further on", catalog.list(TraceQuery.newest(PAGE).after(there)));
            asked.put("failed", list(catalog, TraceFilter.ALL.withStatuses(TraceStatus.FAULT)));
            asked.put("orders", list(catalog, orders));
            asked.put("orders and refunds", list(catalog, orders.withWorkflows("order", "refund")));
            asked.put("failed orders", list(catalog, orders.withStatuses(TraceStatus.FAULT)));
            asked.put(
                    "failed orders, further on",
                    catalog.list(TraceQuery.of(orders.withStatuses(TraceStatus.FAULT), PAGE)
                            .after(there)));
            asked.put("of a time", list(catalog, TraceFilter.ALL.withCreated(middle, middle.plusSeconds(3_600))));
            asked.put("of a source", list(catalog, web));
            asked.put(
                    "of a source, further on",
                    catalog.list(TraceQuery.of(web, PAGE).after(there)));
            asked.put("of a source and a tag", list(catalog, web.withTag("customer", "42")));
            asked.put("past an offset", catalog.list(TraceQuery.of(orders, 10).withOffset(PAGE)));
            asked.put("ids", catalog.ids("trace-2", PAGE));
            asked.put("the next workflow", catalog.nextWorkflow("order"));
            asked.forEach((what, call) -> {
                String plan = plan(database, connections, call);
                assertThat(plan)
                        .as(what)
                        .containsIgnoringCase("rs_t")
                        .doesNotContain("Seq Scan", "tableScan", "rs_trace_running", "rs_trace_waiting");
                // H2 counts what the parts gave as read again
                assertThat(rowsRead(kind, plan))
                        .as("%s: %s", what, plan)
                        .isLessThanOrEqualTo((kind == Database.H2 ? 2 : 1) * MOST_PARTS * (PAGE + 20L));
            });
            String total = plan(database, connections, catalog.totals(orders.withStatuses(TraceStatus.CANCELLED)));
            assertThat(total).containsIgnoringCase("rs_trace_by_workflow").doesNotContain("Seq Scan");
            backend.close().block(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_page_costs_the_same_wherever_it_is(Database kind) {
        try (TestDatabase database = filled(kind)) {
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            SqlBackend backend = database.backend(connections, R2dbcConfig.defaults());
            CatalogBackend catalog = backend.catalog().orElseThrow();
            TraceCursor after = null;
            int traces = traces(kind);
            int seen = 0;
            for (int page = 0; seen < traces; page++) {
                Mono<List<TraceHead>> next =
                        catalog.list(TraceQuery.newest(PAGE).after(after));
                if (page % (traces / PAGE / 10) == 0) {
                    String plan = plan(database, connections, next);
                    assertThat(rowsRead(kind, plan))
                            .as("page %d: %s", page, plan)
                            .isLessThanOrEqualTo(kind == Database.POSTGRESQL ? PAGE + 7L : MOST_PARTS * (PAGE + 1L));
                    if (kind == Database.POSTGRESQL) {
                        assertThat(buffers(plan)).as("page %d: %s", page, plan).isLessThan(PAGE + 100L);
                    }
                }
                connections.statements.clear();
                List<TraceHead> heads = Objects.requireNonNull(next.block(LIMIT));
                assertThat(heads).isNotEmpty();
                seen += heads.size();
                after = TraceCursor.of(heads.get(heads.size() - 1));
            }
            assertThat(seen).isEqualTo(traces);
            backend.close().block(LIMIT);
        }
    }

    private static int traces(Database kind) {
        return STRESS ? (kind == Database.H2 ? 200_000 : 1_000_000) : 30_000;
    }

    private static Mono<?> list(CatalogBackend catalog, TraceFilter filter) {
        return catalog.list(TraceQuery.of(filter, PAGE));
    }

    private static TestDatabase filled(Database kind) {
        TestDatabase database = TestDatabase.of(kind);
        R2dbcStore store = database.store(R2dbcConfig.defaults());
        store.migrate().then(store.close()).block(LIMIT);
        Sql sql = database.sql();
        sql.execute(HEADS.replace(
                "${numbers}",
                kind == Database.POSTGRESQL
                        ? "generate_series(1, " + traces(kind) + ") x"
                        : "(SELECT x FROM SYSTEM_RANGE(1, " + traces(kind) + "))"));
        sql.execute(TAGS.replace("${name}", "'source'").replace("${value}", "'web'"));
        sql.execute(TAGS.replace("${name}", "'customer'").replace("${value}", "'42'"));
        if (kind == Database.POSTGRESQL) {
            sql.execute("VACUUM ANALYZE rs_trace");
            sql.execute("VACUUM ANALYZE rs_tag");
        } else {
            sql.execute("ANALYZE");
        }
        return database;
    }

    private static String plan(TestDatabase database, WatchedConnections connections, Mono<?> call) {
        connections.statements.clear();
        call.block(LIMIT);
        assertThat(connections.statements).hasSize(1);
        WatchedConnections.Bound made = connections.statements.get(0);
        Object[] values = new TreeMap<>(made.values()).values().toArray();
        return String.join("\n", database.sql().strings("EXPLAIN ANALYZE " + made.sql(), values));
    }

    /** What the scans gave, and what they read in vain. */
    private static long rowsRead(Database kind, String plan) {
        if (kind == Database.H2) {
            return sum(plan, "scanCount: (\\d+)");
        }
        long rows = 0;
        for (String line : plan.split("\n")) {
            if (line.contains("Scan") && !line.contains("Subquery Scan")) {
                rows += sum(line, "actual time=\\S+ rows=(\\d+)");
            }
        }
        return rows + sum(plan, "Rows Removed by Filter: (\\d+)");
    }

    /** Of the execution as a whole, which stands first. */
    private static long buffers(String plan) {
        String first = plan.lines()
                .filter(line -> line.contains("Buffers:"))
                .findFirst()
                .orElseThrow();
        return sum(first, "(?:hit|read)=(\\d+)");
    }

    private static long sum(String text, String number) {
        return Pattern.compile(number)
                .matcher(text)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }
}
