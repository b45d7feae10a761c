package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.TransactionBackend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Journals and heads in two tables. Everything but the writing of a batch is the same SQL for all databases. */
final class SqlBackend implements JournalBackend {

    private static final String ROW = """
            trace_id, position, writer, step, at, attempt, kind, outcome, workflow, version, node_id, reference, label, \
            message, detail, media_type, payload_hash, payload""";

    private static final String READ = "SELECT " + ROW
            + " FROM ${schema}${prefix}journal WHERE trace_id = $1 AND position > $2 ORDER BY position LIMIT $3";

    /** The first page of a journal is its positions up to the limit, as there are no gaps. */
    private static final String READ_ALL =
            "SELECT " + ROW + " FROM ${journals} AND position <= $2 ORDER BY trace_id, position";

    static final String POSITIONS = "SELECT trace_id, MAX(position) FROM ${journals} GROUP BY trace_id";

    private static final String FIND = "SELECT " + Rows.HEAD + " FROM ${schema}${prefix}trace WHERE trace_id = $1";

    private static final String RECENT =
            "SELECT " + Rows.HEAD + " FROM ${schema}${prefix}trace ORDER BY created_at DESC, trace_id DESC LIMIT $1";

    /** The statements with the names of the tables in them. */
    private record Sql(String read, String readAll, String positions, String find, String recent) {
        static Sql of(Tables tables, Database database) {
            return new Sql(
                    tables.in(READ),
                    tables.in(READ_ALL.replace("${journals}", database.journals())),
                    tables.in(POSITIONS.replace("${journals}", database.journals())),
                    tables.in(FIND),
                    tables.in(RECENT));
        }
    }

    private final Connections connections;
    private final BatchWriter writer;
    private final SqlClaims claims;
    private final SqlFacts facts;
    private final SqlSnapshots snapshots;
    private final Sql sql;

    private SqlBackend(
            Connections connections,
            BatchWriter writer,
            SqlClaims claims,
            SqlFacts facts,
            SqlSnapshots snapshots,
            Sql sql) {
        this.connections = connections;
        this.writer = writer;
        this.claims = claims;
        this.facts = facts;
        this.snapshots = snapshots;
        this.sql = sql;
    }

    /**
     * The backend of a database.
     *
     * @param unpooled makes a connection that is kept for listening
     */
    static SqlBackend of(Database database, Connections connections, ConnectionFactory unpooled, Tables tables) {
        return switch (database) {
            case POSTGRESQL ->
                new SqlBackend(
                        connections,
                        new PostgresBatchWriter(tables),
                        new PostgresClaims(connections, new PostgresHints(unpooled, tables), tables),
                        new PostgresFacts(connections, tables),
                        new SqlSnapshots(connections, database, tables),
                        Sql.of(tables, database));
            case H2 ->
                new SqlBackend(
                        connections,
                        new H2BatchWriter(tables),
                        new H2Claims(connections, tables),
                        new H2Facts(connections, tables),
                        new SqlSnapshots(connections, database, tables),
                        Sql.of(tables, database));
        };
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return connections
                .write("write a batch", connection -> write(connection, batch, new HashSet<>(0)))
                .doOnNext(leftOut -> claims.written(batch, leftOut));
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
        List<String> ids = batch.stream().map(TraceAppend::traceId).toList();
        return Rows.positions(connection.createStatement(sql.positions), ids).map(positions -> {
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
                    .createStatement(sql.read)
                    .bind(0, traceId)
                    .bind(1, afterPosition)
                    .bind(2, limit);
            return Rows.of(statement, SqlBackend::entry).collectList();
        });
    }

    @Override
    public Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        String[] ids = traceIds.stream().distinct().toArray(String[]::new);
        return connections.use("read journals", connection -> {
            Statement statement =
                    connection.createStatement(sql.readAll).bind(0, ids).bind(1, (long) limit);
            return Rows.of(statement, SqlBackend::entry)
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
                connection -> Rows.of(connection.createStatement(sql.find).bind(0, traceId), Rows::head)
                        .next());
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return connections.use(
                "list traces",
                connection -> Rows.of(connection.createStatement(sql.recent).bind(0, limit), Rows::head)
                        .collectList());
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return Optional.of(claims);
    }

    @Override
    public Optional<FactBackend> facts() {
        return Optional.of(facts);
    }

    @Override
    public Optional<SnapshotBackend> snapshots() {
        return Optional.of(snapshots);
    }

    @Override
    public Optional<TransactionBackend<?>> transactions() {
        return Optional.of(new R2dbcTransactions(this, connections, writer));
    }

    /** The same journals by other connections. */
    SqlBackend over(Connections others, BatchWriter otherWriter) {
        return new SqlBackend(others, otherWriter, claims, facts, snapshots, sql);
    }

    @Override
    public Mono<Void> close() {
        return claims.close().then(Mono.defer(connections::close));
    }

    private static JournalEntry entry(Readable row) {
        return new JournalRow(
                        Rows.text(row, 0),
                        Rows.number(row, 1),
                        Rows.number(row, 2),
                        row.get(3, Long.class),
                        Rows.instant(row, 4),
                        row.get(5, Integer.class),
                        Rows.present(row.get(6, Short.class)),
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
                : Payload.restored(bytes(Rows.present(bytes)), mediaType, Sha256.fromBytes(Rows.present(hash)));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
