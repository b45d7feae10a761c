package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.Failure;
import io.reactivestore.Payload;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.WebhookBackend;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables of dead letters and deliveries as an operator and the planner see them. */
class OutgoingTableTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

    private static final String LETTERS = """
            INSERT INTO rs_dead_letter (id, trace_id, workflow, version, cause, created_at, state, state_at, revision) \
            SELECT 'trace-' || i, 'trace-' || i, 'order', '1', 1, timestamptz '2026-01-01 00:00:00+00' + i * interval '1 s', \
            CASE WHEN i % 50 = 0 THEN 1 ELSE 4 END, now(), 1 FROM generate_series(1, 100000) i""";

    private static final String DELIVERIES = """
            INSERT INTO rs_delivery (id, trace_id, workflow, version, endpoint, event, media_type, body_hash, body, created_at, \
            state, attempts, due_at, revision) \
            SELECT 'd-' || i, 'trace-' || i, 'order', '1', 'billing', 'SUCCESS', 'application/json', sha256('{}'), '{}', now(), \
            CASE WHEN i % 100 = 0 THEN 1 ELSE 2 END, 1, \
            CASE WHEN i % 100 = 0 THEN timestamptz '2026-01-01 00:00:00+00' + i * interval '1 s' END, 1 \
            FROM generate_series(1, 50000) i""";

    @ParameterizedTest
    @EnumSource(Database.class)
    void an_operator_reads_causes_and_states_by_name(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            SqlBackend backend = database.backend(R2dbcConfig.defaults());
            DeadLetterBackend letters = backend.deadLetters().orElseThrow();
            List<String> expected = new ArrayList<>();
            for (DeadLetterCause cause : DeadLetterCause.values()) {
                for (DeadLetterState state : DeadLetterState.values()) {
                    String id = cause + "-" + state;
                    DeadLetter letter = DeadLetter.pending(id, id, "order", "1", cause, AT)
                            .withFailure(new Failure("Broken", "it broke", null));
                    JournalEntry entry = new JournalEntry(id, 1, 7, new Custom("note", null, AT));
                    backend.append(List.of(new TraceAppend(
                                    id, List.of(entry), null, List.of(new Outgoing.ToDeadLetters(letter)))))
                            .block(LIMIT);
                    assertThat(letters.replace(letter.moved(state, AT, "why")).block(LIMIT))
                            .isTrue();
                    expected.add(id + " " + cause + " " + state + " Broken it broke why");
                }
            }
            backend.close().block(LIMIT);
            List<String> columns = Arrays.asList("id", "cause", "state", "failure", "message", "note");
            assertThat(database.sql()
                            .query(
                                    row -> String.join(
                                            " ",
                                            columns.stream()
                                                    .map(column -> row.get(column, String.class))
                                                    .toList()),
                                    "SELECT * FROM rs_dead_letter_readable"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void an_operator_reads_deliveries_and_their_bodies(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            SqlBackend backend = database.backend(R2dbcConfig.defaults());
            WebhookBackend webhooks = backend.webhooks().orElseThrow();
            List<String> expected = new ArrayList<>();
            for (DeliveryState state : DeliveryState.values()) {
                String id = "d-" + state;
                Delivery delivery =
                        Delivery.due(id, id, "order", "1", "billing", "FAULT", Payload.json("{\"a\":\"é\"}"), AT);
                JournalEntry entry = new JournalEntry(id, 1, 7, new Custom("note", null, AT));
                backend.append(List.of(
                                new TraceAppend(id, List.of(entry), null, List.of(new Outgoing.ToWebhook(delivery)))))
                        .block(LIMIT);
                assertThat(webhooks.replace(new WebhookBackend.Change(delivery.next(state, 1, null), null, null))
                                .block(LIMIT))
                        .isTrue();
                expected.add(id + " billing FAULT " + state + " {\"a\":\"é\"}");
            }
            backend.close().block(LIMIT);
            List<String> columns = Arrays.asList("id", "endpoint", "event", "state", "body");
            assertThat(database.sql()
                            .query(
                                    row -> String.join(
                                            " ",
                                            columns.stream()
                                                    .map(column -> row.get(column, String.class))
                                                    .toList()),
                                    "SELECT * FROM rs_delivery_readable"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void what_is_due_is_found_by_its_index_among_many_that_are_over() {
        try (TestDatabase database = migrated(Database.POSTGRESQL)) {
            database.sql().execute(DELIVERIES);
            database.sql().execute("VACUUM ANALYZE rs_delivery");
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            SqlBackend backend = database.backend(connections, R2dbcConfig.defaults());
            Instant now = Instant.parse("2026-06-01T00:00:00Z");
            connections.statements.clear();
            assertThat(backend.webhooks()
                            .orElseThrow()
                            .reserve(new WebhookBackend.Due(Set.of("billing"), now, now.plusSeconds(60), 50))
                            .block(LIMIT))
                    .hasSize(50);
            WatchedConnections.Bound made = connections.statements.get(0);
            Object[] values = new TreeMap<>(made.values()).values().toArray();
            String plan = String.join(
                    "\n", database.sql().strings("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + made.sql(), values));
            assertThat(plan).contains("rs_delivery_due").doesNotContain("Seq Scan on rs_delivery");
            backend.close().block(LIMIT);
        }
    }

    @Test
    void a_page_of_a_list_reads_its_own_rows_by_an_index_however_far_down_it_is() {
        try (TestDatabase database = migrated(Database.POSTGRESQL)) {
            database.sql().execute(LETTERS);
            database.sql().execute("VACUUM ANALYZE rs_dead_letter");
            DeadLetter deep = DeadLetter.pending(
                    "trace-10000",
                    "trace-10000",
                    "order",
                    "1",
                    DeadLetterCause.FAULT,
                    Instant.parse("2026-01-01T00:00:00Z").plusSeconds(10_000));
            List<DeadLetterQuery> queries = List.of(
                    DeadLetterQuery.all(),
                    DeadLetterQuery.all().after(deep),
                    DeadLetterQuery.of(DeadLetterState.PENDING),
                    DeadLetterQuery.of(DeadLetterState.PENDING).after(deep));
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            SqlBackend backend = database.backend(connections, R2dbcConfig.defaults());
            for (DeadLetterQuery query : queries) {
                connections.statements.clear();
                assertThat(backend.deadLetters().orElseThrow().list(query).block(LIMIT))
                        .hasSize(100);
                WatchedConnections.Bound made = connections.statements.get(0);
                Object[] values = new TreeMap<>(made.values()).values().toArray();
                String plan = String.join(
                        "\n", database.sql().strings("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + made.sql(), values));
                assertThat(plan)
                        .contains("Index Scan")
                        .doesNotContain("Seq Scan", "Sort", "Removed by Filter: 1000")
                        .containsPattern("actual rows=100(\\.00)? ");
            }
            backend.close().block(LIMIT);
        }
    }

    private static TestDatabase migrated(Database kind) {
        TestDatabase database = TestDatabase.of(kind);
        R2dbcStore store = database.store(R2dbcConfig.defaults());
        store.migrate().then(store.close()).block(LIMIT);
        return database;
    }
}
