package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.facts.FactReference;
import io.reactivestore.facts.Facts;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.webhooks.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What deletion leaves in the tables: nothing, whoever writes meanwhile, but a stone where somebody might still write. */
class DeletionTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    private static final List<String> TABLES =
            List.of("trace", "tag", "dead_letter", "delivery", "delivery_attempt", "fact_reference", "snapshot");

    @ParameterizedTest
    @EnumSource(Database.class)
    void what_is_written_of_a_delivery_meanwhile_goes_as_well(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            ended(store, "a");
            Connection attempt = database.sql().connection();
            run(attempt.beginTransaction());
            execute(attempt, "UPDATE rs_delivery SET revision = revision + 1 WHERE id = 'd-a'");
            CompletableFuture<Boolean> deleted =
                    store.require(Capability.CATALOG).delete("a").toFuture();
            database.sql().await(waiting -> waiting > 0, waiting(kind));
            execute(
                    attempt,
                    "INSERT INTO rs_delivery_attempt (delivery_id, number, at, took_millis)"
                            + " VALUES ('d-a', 2, CURRENT_TIMESTAMP, 7)");
            execute(
                    attempt,
                    "INSERT INTO rs_dead_letter"
                            + " (id, trace_id, workflow, version, cause, created_at, state, state_at, revision)"
                            + " VALUES ('d-a', 'a', 'order', '1', 4, CURRENT_TIMESTAMP, 1, CURRENT_TIMESTAMP, 1)");
            run(attempt.commitTransaction());
            run(attempt.close());
            assertThat(Mono.fromFuture(deleted).block(LIMIT)).isTrue();
            for (String table : TABLES) {
                assertThat(database.sql().number("SELECT COUNT(*) FROM rs_" + table))
                        .as(table)
                        .isZero();
            }
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_journal")).isZero();
            store.close().block(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void who_was_silent_and_writes_while_it_is_deleted_writes_no_more_afterwards(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            R2dbcStore engine = database.store(R2dbcConfig.defaults());
            run(engine.require(Capability.CLAIMS).beat("engine", AT, AT.minusSeconds(60)));
            engine.traces().append(step("a", 0)).block(LIMIT);
            Journal journal = engine.require(Capability.JOURNAL);
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            CatalogBackend catalog = database.backend(connections, R2dbcConfig.defaults())
                    .catalog()
                    .orElseThrow();
            connections.afterwards(
                    "GROUP BY trace_id, writer",
                    Mono.<Void>fromRunnable(() -> {
                                CompletableFuture<Long> late =
                                        journal.append("a", List.of(note())).toFuture();
                                database.sql().await(waiting -> waiting > 0 || late.isDone(), waiting(kind));
                            })
                            .subscribeOn(Schedulers.boundedElastic()));
            TraceHead head = Objects.requireNonNull(
                    engine.require(Capability.CATALOG).find("a").block(LIMIT));
            assertThat(catalog.delete(List.of(head), AT.plusSeconds(60)).block(LIMIT))
                    .containsExactly("a");
            assertThatThrownBy(() -> journal.append("a", List.of(note())).block(LIMIT))
                    .isInstanceOf(TraceNotFoundException.class);
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_journal WHERE kind > 0"))
                    .isZero();
            engine.close().block(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_long_trace_that_others_went_on_with_goes_in_as_many_statements_as_a_short_one(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            R2dbcStore starter = database.store(R2dbcConfig.defaults());
            R2dbcStore other = database.store(R2dbcConfig.defaults());
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            JournaledStore third =
                    JournaledStore.over(database.backend(connections, R2dbcConfig.defaults()), StoreConfig.defaults());
            int[] statements = new int[2];
            int[] steps = {3, 300};
            for (int i = 0; i < 2; i++) {
                String traceId = "a-" + i;
                starter.traces().append(step(traceId, 0)).block(LIMIT);
                Flux.range(1, steps[i])
                        .flatMap(n -> other.traces().append(step(traceId, n)))
                        .blockLast(LIMIT);
                run(other.traces().complete(traceId, CompletionState.SUCCESS));
                connections.statements.clear();
                assertThat(third.require(Capability.CATALOG).delete(traceId).block(LIMIT))
                        .isTrue();
                statements[i] = connections.statements.size();
            }
            assertThat(statements[1]).isEqualTo(statements[0]);
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_journal WHERE kind > 0 OR payload IS NOT NULL"))
                    .isZero();
            Flux.just(starter, other, third).flatMap(store -> store.close()).blockLast(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void what_a_new_trace_of_the_id_is_about_to_refer_to_stays(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            Facts facts = store.require(Capability.FACTS);
            Payload content = Payload.json("[1]");
            Instant later = Instant.now().plusSeconds(3_600);
            FactReference reference =
                    Objects.requireNonNull(facts.put("a", content).block(LIMIT));
            PersistenceEnvelope first = step("a", 0).withPayload(reference.toPayload());
            store.traces().append(first).block(LIMIT);
            run(store.traces().complete("a", Completion.of(CompletionState.SUCCESS, Instant.now())));
            run(facts.sweep(later, 100));
            run(facts.put("a", content));
            assertThat(store.require(Capability.CATALOG).delete("a").block(LIMIT))
                    .isTrue();
            store.traces().append(first).block(LIMIT);
            run(facts.sweep(later, 100));
            assertThat(facts.get("a", reference).block(LIMIT)).isEqualTo(content);
            store.close().block(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_snapshot_that_comes_too_late_is_not_kept(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            SqlBackend backend = database.backend(R2dbcConfig.defaults());
            Payload content = Payload.json("1");
            assertThat(backend.snapshots()
                            .orElseThrow()
                            .save(new SnapshotBackend.Kept("gone", "own", 1, content.hash(), content))
                            .block(LIMIT))
                    .isFalse();
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_snapshot"))
                    .isZero();
            backend.close().block(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void each_statement_of_a_deletion_looks_its_rows_up(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            Flux.range(0, 12).doOnNext(n -> ended(store, "a-" + n)).blockLast();
            many(database, kind);
            WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
            CatalogBackend catalog = database.backend(connections, R2dbcConfig.defaults())
                    .catalog()
                    .orElseThrow();
            List<TraceHead> heads = Flux.range(0, 12)
                    .concatMap(n -> store.require(Capability.CATALOG).find("a-" + n))
                    .collectList()
                    .block(LIMIT);
            assertThat(catalog.delete(Objects.requireNonNull(heads), AT).block(LIMIT))
                    .hasSize(12);
            for (WatchedConnections.Bound made : List.copyOf(connections.statements)) {
                if (made.sql().contains("rs_engine") || made.values().isEmpty()) {
                    continue;
                }
                Object[] values = new TreeMap<>(made.values()).values().toArray();
                String plan = String.join("\n", database.sql().strings(explain(kind) + made.sql(), values));
                assertThat(plan).as(made.sql()).doesNotContain("Seq Scan", "tableScan");
                assertThat(scanned(plan)).as(plan).isLessThan(1_000);
            }
            store.close().block(LIMIT);
        }
    }

    private static long scanned(String plan) {
        return Pattern.compile("scanCount: (\\d+)|Rows Removed by Filter: (\\d+)")
                .matcher(plan)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1) == null ? found.group(2) : found.group(1)))
                .sum();
    }

    private static String explain(Database kind) {
        return kind == Database.POSTGRESQL ? "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " : "EXPLAIN ANALYZE ";
    }

    /** Rows of other traces in every table. */
    private static void many(TestDatabase database, Database kind) {
        String numbers = kind == Database.POSTGRESQL
                ? " FROM generate_series(1, 20000) x"
                : " FROM (SELECT x FROM SYSTEM_RANGE(1, 20000))";
        String bytes = kind == Database.POSTGRESQL
                ? "sha256(CAST(CONCAT('', x) AS bytea))"
                : "HASH('SHA-256', CAST(x AS varchar))";
        for (String rows : List.of(
                "trace (trace_id, workflow, version, status, created_at, updated_at) SELECT CONCAT('x-', x), 'order', '1', 2,"
                        + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP",
                "journal (trace_id, position, writer, kind, at) SELECT CONCAT('x-', x), 1, 1, 6, CURRENT_TIMESTAMP",
                "tag (trace_id, name, tag_value, created_at) SELECT CONCAT('x-', x), 'a', 'b', CURRENT_TIMESTAMP",
                "dead_letter (id, trace_id, workflow, version, cause, created_at, state, state_at, revision)"
                        + " SELECT CONCAT('x-', x), CONCAT('x-', x), 'order', '1', 1, CURRENT_TIMESTAMP, 1,"
                        + " CURRENT_TIMESTAMP, 1",
                "delivery (id, trace_id, workflow, version, endpoint, event, media_type, body_hash, body, created_at, state,"
                        + " attempts, revision) SELECT CONCAT('d-', x), CONCAT('x-', x), 'order', '1', 'e', 'E', 'text/plain',"
                        + bytes + ", " + bytes + ", CURRENT_TIMESTAMP, 2, 1, 1",
                "delivery_attempt (delivery_id, number, at, took_millis) SELECT CONCAT('d-', x), 1, CURRENT_TIMESTAMP, 1",
                "fact_reference (trace_id, entry_hash, fact_hash, noted_at, settled) SELECT CONCAT('x-', x), " + bytes
                        + ", " + bytes + ", CURRENT_TIMESTAMP, TRUE",
                "snapshot (trace_id, version, position, anchor, media_type, hash, content) SELECT CONCAT('x-', x), '1', 1, "
                        + bytes + ", 'text/plain', " + bytes + ", " + bytes)) {
            database.sql().execute("INSERT INTO rs_" + rows + numbers);
        }
        database.sql().execute("ANALYZE");
    }

    /** A trace with something in each table. */
    private static void ended(R2dbcStore store, String traceId) {
        Payload content = Payload.json("\"" + traceId + "\"");
        Delivery delivery = Delivery.due("d-" + traceId, traceId, "order", "1", "billing", "SUCCESS", content, AT);
        store.traces().append(step(traceId, 0)).block(LIMIT);
        store.require(Capability.CATALOG)
                .update(traceId, none -> TraceTags.NONE.withSource("web"))
                .block(LIMIT);
        store.require(Capability.FACTS).put(traceId, content).block(LIMIT);
        store.require(Capability.SNAPSHOTS).save(traceId, 1, "own", content).block(LIMIT);
        store.require(Capability.JOURNAL)
                .appendAfter(
                        traceId,
                        1,
                        List.of(new JournalEvent.Completed(Completion.of(
                                CompletionState.SUCCESS, Instant.now().plusSeconds(60)))),
                        List.of(new Outgoing.ToWebhook(delivery)))
                .block(LIMIT);
    }

    private static PersistenceEnvelope step(String traceId, long step) {
        return PersistenceEnvelope.of(traceId, "order", step, "node-" + step, Outcome.SUCCESS, AT)
                .withPayload(Payload.json("\"" + step + "\""));
    }

    private static JournalEvent note() {
        return new JournalEvent.Custom("note", null, AT);
    }

    /** How many sessions wait for a lock. */
    private static String waiting(Database kind) {
        return kind == Database.POSTGRESQL
                ? "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                : "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL";
    }

    private static TestDatabase migrated(Database kind) {
        TestDatabase database = TestDatabase.of(kind);
        R2dbcStore store = database.store(R2dbcConfig.defaults());
        store.migrate().then(store.close()).block(LIMIT);
        return database;
    }

    private static void execute(Connection connection, String sql) {
        run(Flux.from(connection.createStatement(sql).execute()).flatMap(result -> result.getRowsUpdated()));
    }

    private static void run(Publisher<?> work) {
        Flux.from(work).blockLast(LIMIT);
    }
}
