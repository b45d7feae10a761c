package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.reactivestore.catalog.TraceTags;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/** What describes traces, in a table of its own. Whoever changes it holds the head, so that one change follows another. */
final class SqlTags {

    private static final String READ = "SELECT trace_id, name, tag_value FROM ${tags}";

    private static final String HOLD = "SELECT created_at FROM ${schema}${prefix}trace WHERE trace_id = $1 FOR UPDATE";

    private static final String DELETE = "DELETE FROM ${schema}${prefix}tag WHERE trace_id = $1";

    static final String INSERT =
            "INSERT INTO ${schema}${prefix}tag (trace_id, name, tag_value, created_at) VALUES ($1, $2, $3, $4)";

    private final Connections connections;
    private final BatchWriter writer;
    private final String read;
    private final String hold;
    private final String delete;
    private final String insert;

    SqlTags(Database database, Tables tables, Connections connections, BatchWriter writer) {
        this.connections = connections;
        this.writer = writer;
        this.read = tables.in(READ.replace("${tags}", database.rowsOf("tag")));
        this.hold = tables.in(HOLD);
        this.delete = tables.in(DELETE);
        this.insert = tables.in(INSERT);
    }

    Mono<Map<String, TraceTags>> of(Collection<String> traceIds) {
        return connections.use("read tags", connection -> of(connection, traceIds.toArray(String[]::new)));
    }

    private Mono<Map<String, TraceTags>> of(Connection connection, String... traceIds) {
        return Rows.of(connection.createStatement(read).bind(0, traceIds), row ->
                        new String[] {Rows.text(row, 0), Rows.text(row, 1), Rows.text(row, 2)})
                .<Map<String, Map<String, String>>>collect(
                        HashMap::new,
                        (all, row) -> all.computeIfAbsent(row[0], id -> new TreeMap<>())
                                .put(row[1], row[2]))
                .map(all -> {
                    Map<String, TraceTags> tags = new HashMap<>();
                    all.forEach((traceId, values) -> tags.put(traceId, new TraceTags(values)));
                    return tags;
                });
    }

    Mono<Boolean> replace(String traceId, TraceTags expected, TraceTags next) {
        return connections.write(
                "describe a trace",
                connection -> Commit.of(
                        connection,
                        writer,
                        () -> Rows.of(
                                        connection.createStatement(hold).bind(0, traceId),
                                        row -> Rows.present(row.get(0, OffsetDateTime.class)))
                                .next()
                                .filterWhen(createdAt -> of(connection, traceId)
                                        .map(now -> now.getOrDefault(traceId, TraceTags.NONE)
                                                .equals(expected)))
                                .flatMap(createdAt -> write(connection, traceId, createdAt, next))
                                .defaultIfEmpty(false)));
    }

    private Mono<Boolean> write(Connection connection, String traceId, OffsetDateTime createdAt, TraceTags next) {
        Mono<Long> deleted = Rows.changed(connection.createStatement(delete).bind(0, traceId));
        return next.values().isEmpty()
                ? deleted.thenReturn(true)
                : deleted.then(Mono.defer(() -> Rows.changed(rows(connection, traceId, createdAt, next))))
                        .thenReturn(true);
    }

    private Statement rows(Connection connection, String traceId, OffsetDateTime createdAt, TraceTags next) {
        Statement statement = connection.createStatement(insert);
        boolean isFirst = true;
        for (Map.Entry<String, String> tag : next.values().entrySet()) {
            (isFirst ? statement : statement.add())
                    .bind(0, traceId)
                    .bind(1, tag.getKey())
                    .bind(2, tag.getValue())
                    .bind(3, createdAt);
            isFirst = false;
        }
        return statement;
    }
}
