package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.TransactionBackend;
import io.reactivestore.spi.WebhookBackend;
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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Journals and heads in two tables. Everything but the writing of a batch is the same SQL for all databases. */
final class SqlBackend implements JournalBackend {

    private static final String ROW = """
            trace_id, position, writer, step, at, attempt, kind, outcome, workflow, version, node_id, reference, label, \
            message, detail, media_type, payload_hash, payload""";

    private static final String READ = cut("(SELECT " + ROW
            + " FROM ${schema}${prefix}journal WHERE trace_id = $1 AND position > $2 AND kind > 0 ORDER BY position LIMIT $3)"
            + " AS page");

    /** The first page of a journal is its positions up to the limit, as there are no gaps. */
    private static final String READ_ALL = cut("${journals} AND position <= $2 AND kind > 0");

    static final String POSITIONS = "SELECT trace_id, MAX(position) FROM ${journals} AND kind > 0 GROUP BY trace_id";

    private static final String FIND = "SELECT " + Rows.HEAD + " FROM ${schema}${prefix}trace WHERE trace_id = $1";

    /** What a {@linkplain SqlDeletion stone} keeps free is needed again: the trace has got there anew. */
    private static final String CLEAR = """
            DELETE FROM ${schema}${prefix}journal WHERE trace_id = $1 AND position > $2 AND position <= $3 AND kind = 0""";

    /** The rows of a page: of each trace up to the one with which the payloads are as large as a page may be. */
    private static String cut(String rows) {
        return "SELECT " + ROW + " FROM (SELECT " + ROW
                + ", SUM(OCTET_LENGTH(payload)) OVER (PARTITION BY trace_id ORDER BY position"
                + " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before FROM " + rows
                + ") AS sized WHERE COALESCE(bytes_before, 0) < " + PAGE_BYTES + " ORDER BY trace_id, position";
    }

    /** The statements with the names of the tables in them. */
    private record Sql(String read, String readAll, String positions, String find, String clear) {
        static Sql of(Tables tables, Database database) {
            return new Sql(
                    tables.in(READ),
                    tables.in(READ_ALL.replace("${journals}", database.journals())),
                    tables.in(POSITIONS.replace("${journals}", database.journals())),
                    tables.in(FIND),
                    tables.in(CLEAR));
        }
    }

    private final Connections connections;
    private final BatchWriter writer;
    private final SqlClaims claims;
    private final SqlCatalog catalog;
    private final SqlDeadLetters letters;
    private final SqlFacts facts;
    private final SqlWebhooks webhooks;
    private final SqlSnapshots snapshots;
    private final Sql sql;

    private SqlBackend(
            Connections connections,
            BatchWriter writer,
            SqlClaims claims,
            SqlCatalog catalog,
            SqlDeadLetters letters,
            SqlFacts facts,
            SqlWebhooks webhooks,
            SqlSnapshots snapshots,
            Sql sql) {
        this.connections = connections;
        this.writer = writer;
        this.claims = claims;
        this.catalog = catalog;
        this.letters = letters;
        this.facts = facts;
        this.webhooks = webhooks;
        this.snapshots = snapshots;
        this.sql = sql;
    }

    /**
     * The backend of a database.
     *
     * @param unpooled makes a connection that is kept for listening
     */
    static SqlBackend of(Database database, Connections connections, ConnectionFactory unpooled, Tables tables) {
        BatchWriter writer = switch (database) {
            case POSTGRESQL -> new PostgresBatchWriter(tables);
            case H2 -> new H2BatchWriter(tables);
        };
        SqlClaims claims = switch (database) {
            case POSTGRESQL -> new PostgresClaims(connections, new PostgresHints(unpooled, tables), tables);
            case H2 -> new H2Claims(connections, tables);
        };
        SqlFacts facts = switch (database) {
            case POSTGRESQL -> new PostgresFacts(connections, tables);
            case H2 -> new H2Facts(connections, tables);
        };
        SqlDeadLetters letters = new SqlDeadLetters(connections, writer, tables);
        SqlWebhooks webhooks = switch (database) {
            case POSTGRESQL -> new PostgresWebhooks(connections, writer, letters, tables);
            case H2 -> new H2Webhooks(connections, writer, letters, tables);
        };
        return new SqlBackend(
                connections,
                writer,
                claims,
                new SqlCatalog(database, tables, connections, writer),
                letters,
                facts,
                webhooks,
                new SqlSnapshots(connections, database, tables),
                Sql.of(tables, database));
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
                        Errors::isCollision,
                        collision -> overtaken(connection, batch).flatMap(overtaken -> {
                            if (overtaken.isEmpty()) {
                                return clear(connection, batch)
                                        .flatMap(stones -> stones > 0
                                                ? write(connection, batch, leftOut)
                                                : Mono.error(new StoreUnavailableException(
                                                        null,
                                                        "A position was taken and is free again: a transaction rolled"
                                                                + " back.",
                                                        collision)));
                            }
                            leftOut.addAll(overtaken);
                            List<TraceAppend> rest = batch.stream()
                                    .filter(append -> !overtaken.contains(append.traceId()))
                                    .toList();
                            return rest.isEmpty() ? Mono.just(leftOut) : write(connection, rest, leftOut);
                        }));
    }

    private Mono<Long> clear(Connection connection, List<TraceAppend> batch) {
        return Flux.fromIterable(batch)
                .concatMap(append -> Rows.changed(connection
                        .createStatement(sql.clear)
                        .bind(0, append.traceId())
                        .bind(1, append.expectedPosition())
                        .bind(2, append.expectedPosition() + append.entries().size())))
                .reduce(0L, Long::sum);
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
        return catalog.list(TraceQuery.newest(limit));
    }

    @Override
    public Optional<CatalogBackend> catalog() {
        return Optional.of(catalog);
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return Optional.of(claims);
    }

    @Override
    public Optional<DeadLetterBackend> deadLetters() {
        return Optional.of(letters);
    }

    @Override
    public Optional<FactBackend> facts() {
        return Optional.of(facts);
    }

    @Override
    public Optional<WebhookBackend> webhooks() {
        return Optional.of(webhooks);
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
        return new SqlBackend(others, otherWriter, claims, catalog, letters, facts, webhooks, snapshots, sql);
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
