package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.TraceHead;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.WebhookBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whoever looks for what is due, or where journals end, reads no more than that, however many traces there are. */
class DuePlanTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final ClaimBackend.Due DUE = new ClaimBackend.Due(Set.of("order"), NOW, NOW.plusSeconds(30), 100);

    /** Nine tenths have ended, most others run; one engine lives (1), two are silent: one holds a few (2), one nothing (3). */
    private static final String HEADS = """
            INSERT INTO rs_trace (trace_id, workflow, version, status, holder, due_at, created_at, updated_at) \
            SELECT 'trace-' || x, 'order', '1', \
            CASE WHEN x % 10 > 0 THEN 2 WHEN x % 100 = 0 THEN 1 ELSE 0 END, \
            CASE WHEN x % 10 > 0 OR x % 100 = 0 THEN NULL WHEN x % 5000 = 10 THEN 2 ELSE 1 END, \
            CASE WHEN x % 100 = 0 THEN timestamptz '2026-03-01 09:59:00+00' + make_interval(mins => x / 10000) END, \
            timestamptz '2026-01-01 00:00:00+00', timestamptz '2026-01-01 00:00:00+00' FROM generate_series(1, 100000) x""";

    private static final String ENGINES = """
            INSERT INTO rs_engine (writer, name, alive_until) VALUES (1, 'alive', '2026-03-01 10:00:10+00'), \
            (2, 'silent', '2026-03-01 09:00:00+00'), (3, 'silent and idle', '2026-03-01 09:00:00+00')""";

    private static final String ENTRIES = """
            INSERT INTO rs_journal (trace_id, position, writer, at, kind, label) \
            SELECT 'trace-' || t, p, 7, timestamptz '2026-01-01 00:00:00+00', 6, 'note' \
            FROM generate_series(1, 500) t, generate_series(1, 200) p""";

    /** A hundred thousand for an endpoint that is down are due before the few for one that answers. */
    private static final String DELIVERIES = """
            INSERT INTO rs_delivery (id, trace_id, workflow, version, endpoint, event, media_type, body_hash, body, created_at, \
            state, attempts, due_at, revision) \
            SELECT 'd-' || x, 'trace-' || x, 'order', '1', CASE WHEN x % 1000 = 0 THEN 'quick' ELSE 'down' END, 'ended', \
            'text/plain', sha256('a'), 'a', timestamptz '2026-01-01 00:00:00+00', 1, 0, \
            timestamptz '2026-02-01 00:00:00+00' + make_interval(days => CASE WHEN x % 1000 = 0 THEN 1 ELSE 0 END, secs => x), 1 \
            FROM generate_series(1, 100000) x""";

    @Test
    void what_is_due_is_found_by_the_partial_indexes_and_ends_by_the_key() {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().then(store.close()).block(LIMIT);
            Sql sql = database.sql();
            List.of(
                            HEADS,
                            ENGINES,
                            ENTRIES,
                            "VACUUM ANALYZE rs_trace",
                            "VACUUM ANALYZE rs_engine",
                            "VACUUM ANALYZE rs_journal")
                    .forEach(sql::execute);
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            SqlBackend backend = database.backend(connections, R2dbcConfig.defaults());
            ClaimBackend claims = backend.claims().orElseThrow();

            List<String> reserve =
                    analyzed(sql, connections, () -> claims.reserve(DUE).block(LIMIT));
            assertThat(String.join("\n", reserve))
                    .contains("rs_trace_waiting", "rs_trace_running")
                    .doesNotContain("Seq Scan on rs_trace");
            assertThat(rows(reserve, "rs_trace_waiting")).isLessThanOrEqualTo(101);
            assertThat(rows(reserve, "rs_trace_running")).isLessThanOrEqualTo(101);

            List<String> positions = analyzed(
                    sql,
                    connections,
                    () -> claims.positions(Set.of("trace-1", "trace-7", "none")).block(LIMIT));
            assertThat(String.join("\n", positions))
                    .contains("rs_journal_pkey")
                    .doesNotContain("Seq Scan on rs_journal");
            assertThat(rows(positions, "rs_journal_pkey")).isLessThanOrEqualTo(1);
            backend.close().block(LIMIT);
        }
    }

    @Test
    void orphans_and_what_waits_are_handed_out_from_among_many() {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().then(store.close()).block(LIMIT);
            List.of(HEADS, ENGINES).forEach(database.sql()::execute);
            SqlBackend backend = database.backend(R2dbcConfig.defaults());
            ClaimBackend claims = backend.claims().orElseThrow();
            int waiting = 0;
            int orphans = 0;
            for (List<TraceHead> due = reserve(claims); !due.isEmpty(); due = reserve(claims)) {
                for (TraceHead head : due) {
                    waiting += head.holder() == null ? 1 : 0;
                    orphans += Long.valueOf(2).equals(head.holder()) ? 1 : 0;
                }
            }
            assertThat(waiting).isEqualTo(199);
            assertThat(orphans).isEqualTo(20);
            backend.close().block(LIMIT);
        }
    }

    @Test
    void what_is_due_for_an_endpoint_is_found_behind_any_number_of_deliveries_to_others() {
        try (TestDatabase database = TestDatabase.of(Database.POSTGRESQL)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().then(store.close()).block(LIMIT);
            Sql sql = database.sql();
            List.of(DELIVERIES, "VACUUM ANALYZE rs_delivery").forEach(sql::execute);
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            SqlBackend backend = database.backend(connections, R2dbcConfig.defaults());
            WebhookBackend webhooks = backend.webhooks().orElseThrow();
            WebhookBackend.Due due = new WebhookBackend.Due(Set.of("quick", "idle"), NOW, NOW.plusSeconds(30), 10);

            List<String> reserve = analyzed(
                    sql,
                    connections,
                    () -> assertThat(webhooks.reserve(due).block(LIMIT))
                            .hasSize(10)
                            .allMatch(delivery -> delivery.endpoint().equals("quick")));
            assertThat(String.join("\n", reserve))
                    .contains("rs_delivery_due")
                    .doesNotContain("Seq Scan on rs_delivery");
            assertThat(rows(reserve, "rs_delivery_due")).isLessThanOrEqualTo(11);
            assertThat(String.join("\n", reserve)).doesNotContain("Rows Removed by Filter");
            backend.close().block(LIMIT);
        }
    }

    private static List<TraceHead> reserve(ClaimBackend claims) {
        List<TraceHead> due = claims.reserve(DUE).block(LIMIT);
        assertThat(due).isNotNull().hasSizeLessThanOrEqualTo(DUE.limit());
        return List.copyOf(due);
    }

    /** How the database ran the statement that the call made, once more with the same values. */
    private static List<String> analyzed(Sql sql, WatchedConnections connections, Runnable call) {
        connections.statements.clear();
        call.run();
        WatchedConnections.Bound made = connections.statements.get(0);
        Object[] values = new TreeMap<>(made.values()).values().toArray();
        return sql.strings("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + made.sql(), values);
    }

    /** The most rows that one run of a scan of this index gave or looked at in vain. */
    private static double rows(List<String> plan, String index) {
        double most = 0;
        for (String line : plan) {
            if (line.contains(index) && line.contains("actual rows=")) {
                most = Math.max(most, Double.parseDouble(line.replaceAll(".*actual rows=([0-9.]+).*", "$1")));
            }
        }
        return most;
    }
}
