package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs every statement of the backend once and asks the database how it runs it, with the same values. */
final class Plans {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

    private final Map<String, String> bySql = new LinkedHashMap<>();

    /** Of a database with the traces {@code trace-1} onwards, of which a few are read and written. */
    Plans(TestDatabase database, R2dbcConfig config, int traces) {
        WatchedConnections connections = new WatchedConnections(ConnectionFactories.get(database.url()));
        SqlBackend backend = database.backend(connections, config);
        List<String> some = new ArrayList<>();
        for (int i = 1; i <= traces; i++) {
            some.add("trace-" + i * 37);
        }
        backend.read("trace-37", 3, 10).block(LIMIT);
        backend.readAll(some, 64).block(LIMIT);
        backend.head("trace-37").block(LIMIT);
        backend.recent(10).block(LIMIT);
        List<TraceAppend> batch = new ArrayList<>();
        for (String id : some) {
            batch.add(new TraceAppend(
                    id,
                    List.of(new JournalEntry(id, 1, 7, new Custom("note", null, AT))),
                    new TraceHead(id, "order", "1", TraceStatus.RUNNING, AT, AT)));
        }
        batch.sort(Comparator.comparing(TraceAppend::traceId));
        assertThat(backend.append(batch).block(LIMIT)).containsExactlyInAnyOrderElementsOf(some);
        backend.close().block(LIMIT);

        for (WatchedConnections.Bound statement : connections.statements) {
            if (statement.sql().startsWith("SELECT") && !statement.sql().contains("pg_class")) {
                Object[] values = new TreeMap<>(statement.values()).values().toArray();
                List<String> plan = database.sql().strings("EXPLAIN ANALYZE " + statement.sql(), values);
                bySql.put(statement.sql(), String.join("\n", plan));
            }
        }
        assertThat(bySql).as("read, readAll, positions, find, recent").hasSize(5);
    }

    Map<String, String> bySql() {
        return bySql;
    }

    /** The plan of the one statement whose text has this. */
    String of(String part) {
        List<String> found = bySql.entrySet().stream()
                .filter(plan -> plan.getKey().contains(part))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(found).as(part).hasSize(1);
        return found.get(0);
    }
}
