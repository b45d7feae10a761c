package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Journals and heads in two tables. Everything but the writing of a batch is the same SQL for all databases. */
final class SqlBackend implements JournalBackend {

    private static final String ROW = """
            trace_id, position, writer, step, at, attempt, kind, outcome, workflow, version, node_id, reference, label, \
            message, detail, media_type, payload_hash, payload""";

    private static final String HEAD = "trace_id, workflow, version, status, created_at, updated_at";

    private static final String READ = "SELECT " + ROW
            + " FROM ${schema}${prefix}journal WHERE trace_id = $1 AND position > $2 ORDER BY position LIMIT $3";

    /** The first page of a journal is its positions up to the limit, as there are no gaps. */
    private static final String READ_ALL = "SELECT " + ROW
            + " FROM ${schema}${prefix}journal WHERE ${ids} AND position <= $2 ORDER BY trace_id, position";

    private static final String POSITIONS =
            "SELECT trace_id, MAX(position) FROM ${schema}${prefix}journal WHERE ${ids} GROUP BY trace_id";

    private static final String FIND = "SELECT " + HEAD + " FROM ${schema}${prefix}trace WHERE trace_id = $1";

    private static final String RECENT =
            "SELECT " + HEAD + " FROM ${schema}${prefix}trace ORDER BY created_at DESC, trace_id DESC LIMIT $1";

    private final Connections connections;
    private final BatchWriter writer;
    private final String read;
    private final String readAll;
    private final String positions;
    private final String find;
    private final String recent;

    SqlBackend(Connections connections, BatchWriter writer, Tables tables, Database database) {
        this.connections = connections;
        this.writer = writer;
        this.read = tables.in(READ);
        this.readAll = tables.in(READ_ALL.replace("${ids}", database.ids()));
        this.positions = tables.in(POSITIONS.replace("${ids}", database.ids()));
        this.find = tables.in(FIND);
        this.recent = tables.in(RECENT);
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return connections.use("write a batch", connection -> write(connection, batch, new HashSet<>(0)));
    }

    /** Writes the batch; if a position is taken, finds out whose, leaves those traces out and writes the rest. */
    private Mono<Set<String>> write(Connection connection, List<TraceAppend> batch, Set<String> leftOut) {
        return writer.write(connection, batch)
                .thenReturn(leftOut)
                .onErrorResume(
                        Errors::isDuplicateKey,
                        duplicate -> overtaken(connection, batch).flatMap(overtaken -> {
                            if (overtaken.isEmpty()) {
                                return Mono.error(new StoreUnavailableException(
                                        null,
                                        "A position was taken and is free again: a transaction rolled back.",
                                        duplicate));
                            }
                            leftOut.addAll(overtaken);
                            List<TraceAppend> rest = batch.stream()
                                    .filter(append -> !overtaken.contains(append.traceId()))
                                    .toList();
                            return rest.isEmpty() ? Mono.just(leftOut) : write(connection, rest, leftOut);
                        }));
    }

    private Mono<Set<String>> overtaken(Connection connection, List<TraceAppend> batch) {
        String[] ids = batch.stream().map(TraceAppend::traceId).toArray(String[]::new);
        Statement statement = connection.createStatement(positions).bind(0, ids);
        return rows(statement, row -> Map.entry(text(row, 0), number(row, 1)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(positions -> {
                    Set<String> overtaken = new HashSet<>();
                    for (TraceAppend append : batch) {
                        if (positions.getOrDefault(append.traceId(), 0L) != append.expectedPosition()) {
                            overtaken.add(append.traceId());
                        }
                    }
                    return overtaken;
                });
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return connections.use("read a journal", connection -> {
            Statement statement = connection
                    .createStatement(read)
                    .bind(0, traceId)
                    .bind(1, afterPosition)
                    .bind(2, limit);
            return rows(statement, SqlBackend::entry).collectList();
        });
    }

    @Override
    public Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        String[] ids = traceIds.toArray(String[]::new);
        return connections.use("read journals", connection -> {
            Statement statement =
                    connection.createStatement(readAll).bind(0, ids).bind(1, (long) limit);
            return rows(statement, SqlBackend::entry)
                    .collect(
                            LinkedHashMap::new,
                            (pages, entry) -> pages.computeIfAbsent(entry.traceId(), id -> new ArrayList<>())
                                    .add(entry));
        });
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return connections.use(
                "find a trace",
                connection -> rows(connection.createStatement(find).bind(0, traceId), SqlBackend::toHead)
                        .next());
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return connections.use(
                "list traces",
                connection -> rows(connection.createStatement(recent).bind(0, limit), SqlBackend::toHead)
                        .collectList());
    }

    @Override
    public Mono<Void> close() {
        return connections.close();
    }

    private interface RowMapper<T> {
        T map(Readable row);
    }

    private static <T> Flux<T> rows(Statement statement, RowMapper<T> mapper) {
        return Flux.from(statement.execute()).flatMap(result -> result.map(mapper::map));
    }

    private static JournalEntry entry(Readable row) {
        return new JournalRow(
                        text(row, 0),
                        number(row, 1),
                        number(row, 2),
                        row.get(3, Long.class),
                        instant(row, 4),
                        row.get(5, Integer.class),
                        present(row.get(6, Short.class)),
                        row.get(7, Short.class),
                        row.get(8, String.class),
                        row.get(9, String.class),
                        row.get(10, String.class),
                        row.get(11, String.class),
                        row.get(12, String.class),
                        row.get(13, String.class),
                        row.get(14, String.class),
                        payload(row.get(15, String.class), row.get(16, byte[].class), row.get(17, ByteBuffer.class)))
                .toEntry();
    }

    private static @Nullable Payload payload(
            @Nullable String mediaType, byte @Nullable [] hash, @Nullable ByteBuffer bytes) {
        return mediaType == null
                ? null
                : Payload.restored(bytes(present(bytes)), mediaType, Sha256.fromBytes(present(hash)));
    }

    private static TraceHead toHead(Readable row) {
        return new TraceHead(
                text(row, 0),
                text(row, 1),
                text(row, 2),
                TraceStatus.values()[present(row.get(3, Short.class))],
                instant(row, 4),
                instant(row, 5));
    }

    private static String text(Readable row, int column) {
        return present(row.get(column, String.class));
    }

    private static long number(Readable row, int column) {
        return present(row.get(column, Long.class));
    }

    private static Instant instant(Readable row, int column) {
        return present(row.get(column, OffsetDateTime.class)).toInstant();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
