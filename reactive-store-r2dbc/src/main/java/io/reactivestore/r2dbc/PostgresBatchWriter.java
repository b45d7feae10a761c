package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.reactivestore.Payload;
import io.reactivestore.TraceHead;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.TraceAppend;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes a batch in one statement, and so in one round trip and one commit: journal rows and heads each as one parameter. As
 * fast as COPY to within a few per cent, but without its second round trip, and COPY cannot write two tables; see
 * docs/decisions/002-one-statement-per-batch.md.
 */
final class PostgresBatchWriter implements BatchWriter {

    /** Columns are taken in the order of the type that is sent: the driver parses the text for every statement. */
    private static final String ENTRIES = """
            INSERT INTO ${schema}${prefix}journal (trace_id, position, writer, step, at, attempt, kind, outcome, workflow, \
            version, node_id, reference, label, message, detail, media_type, payload_hash, payload) \
            SELECT * FROM unnest($1::${schema}${prefix}journal_v1[])""";

    /**
     * A head of a trace that there must be, created at the time given, comes with that time shifted out of the years there are:
     * if it were inserted, it would show; whether a row was inserted or updated PostgreSQL does not tell otherwise, at least not
     * of a partitioned table.
     */
    private static final String HEADS = """
            heads AS (\
            INSERT INTO ${schema}${prefix}trace AS t \
            (trace_id, workflow, version, status, holder, due_at, created_at, updated_at) \
            SELECT * FROM unnest($2::${schema}${prefix}trace_v1[]) \
            ON CONFLICT (trace_id) DO UPDATE SET version = EXCLUDED.version, status = EXCLUDED.status, \
            holder = EXCLUDED.holder, due_at = EXCLUDED.due_at, updated_at = EXCLUDED.updated_at \
            WHERE EXCLUDED.created_at < timestamptz '10000-01-01 00:00:00+00' \
            OR t.created_at = EXCLUDED.created_at - interval '315569520000 seconds' \
            RETURNING created_at)
            """;

    private static final long SHIFT_SECONDS = 315_569_520_000L;

    /**
     * Fails with {@link #HEAD_MISSING} if a head was not there. Since it is asked first, the heads are locked before any entry
     * is written.
     */
    private static final String HEADS_FOUND = """
            \sWHERE 1 = 1 / (SELECT CASE WHEN count(*) = cardinality($2::${schema}${prefix}trace_v1[]) THEN 1 ELSE 0 END \
            FROM heads WHERE created_at < timestamptz '10000-01-01 00:00:00+00')""";

    /** Division by zero. */
    static final String HEAD_MISSING = "22012";

    /** A condition that is always met, as PostgreSQL does not run a common table expression that nobody reads. */
    private static final String NEWS = """
            (SELECT count(pg_notify(${channel}, trace_id)) FROM unnest(${ids}::text[]) AS news (trace_id)) >= 0""";

    private static final String TYPES = """
            SELECT c.reltype::int8, t.typarray::int8 FROM pg_class c JOIN pg_type t ON t.oid = c.reltype \
            WHERE c.oid = $1::regclass""";

    private static final int ENTRY_COLUMNS = 18;
    private static final int HEAD_COLUMNS = 8;
    private static final int ROW_BYTES = 512;

    private record Types(RowArray.Type entry, RowArray.Type head) {}

    private record Head(TraceHead row, boolean isNew) {}

    private final String entriesOnly;
    private final String entriesAndHeads;
    private final String entriesAndNews;
    private final String entriesAndHeadsAndNews;
    private final String everything;
    private final String types;
    private final String entryType;
    private final String headType;
    private final String letterType;
    private final String deliveryType;
    private volatile @Nullable Types known;
    private volatile PostgresOutgoing.@Nullable Types knownOutgoing;

    PostgresBatchWriter(Tables tables) {
        this.entriesOnly = tables.in(ENTRIES);
        this.entriesAndHeads = tables.in("WITH " + HEADS + ENTRIES + HEADS_FOUND);
        String news = NEWS.replace("${channel}", PostgresHints.CHANNEL);
        this.entriesAndNews = tables.in(ENTRIES + " WHERE " + news.replace("${ids}", "$2"));
        this.entriesAndHeadsAndNews =
                tables.in("WITH " + HEADS + ENTRIES + HEADS_FOUND + " AND " + news.replace("${ids}", "$3"));
        this.everything = tables.in("WITH " + PostgresOutgoing.SQL + HEADS + ENTRIES + HEADS_FOUND + " AND "
                + news.replace("${ids}", "$6"));
        this.types = tables.in(TYPES);
        this.entryType = tables.in("${schema}${prefix}journal_v1");
        this.headType = tables.in("${schema}${prefix}trace_v1");
        this.letterType = tables.in("${schema}${prefix}dead_letter_v1");
        this.deliveryType = tables.in("${schema}${prefix}delivery_v1");
    }

    @Override
    public Mono<Void> write(Connection connection, List<TraceAppend> batch) {
        Types types = known;
        return types == null
                ? lookUp(connection).flatMap(found -> write(connection, batch, found))
                : write(connection, batch, types);
    }

    @Override
    public Mono<Void> rows(Connection connection, List<TraceAppend> batch) {
        return write(connection, batch);
    }

    @Override
    public Mono<Void> sync(Connection connection) {
        return Mono.empty();
    }

    private Mono<Void> write(Connection connection, List<TraceAppend> batch, Types types) {
        List<JournalRow> entries = new ArrayList<>(batch.size());
        List<Head> heads = new ArrayList<>();
        List<String> news = new ArrayList<>(0);
        PostgresOutgoing outgoing = null;
        int bytes = ROW_BYTES;
        for (TraceAppend append : batch) {
            if (append.head() != null) {
                heads.add(new Head(append.head(), append.expectedPosition() == 0));
            }
            if (append.isNews()) {
                news.add(append.traceId());
            }
            if (!append.outgoing().isEmpty()) {
                outgoing = outgoing == null ? new PostgresOutgoing() : outgoing;
                outgoing.add(append.outgoing());
            }
            for (JournalEntry entry : append.entries()) {
                JournalRow row = JournalRow.of(entry);
                entries.add(row);
                bytes += ROW_BYTES + (row.payload() == null ? 0 : row.payload().size());
            }
        }
        boolean withHeads = !heads.isEmpty() || outgoing != null;
        Statement statement = connection
                .createStatement(outgoing == null ? statement(withHeads, !news.isEmpty()) : everything)
                .bind(0, new RowArray<>(types.entry, entries, bytes, PostgresBatchWriter::encode));
        if (withHeads) {
            int headBytes = ROW_BYTES * (heads.size() + 1);
            statement.bind(1, new RowArray<>(types.head, heads, headBytes, PostgresBatchWriter::encode));
        }
        if (outgoing != null) {
            statement.bind(5, news.toArray(String[]::new));
            return write(connection, statement, outgoing);
        }
        if (!news.isEmpty()) {
            statement.bind(withHeads ? 2 : 1, news.toArray(String[]::new));
        }
        return execute(statement);
    }

    private Mono<Void> write(Connection connection, Statement statement, PostgresOutgoing outgoing) {
        PostgresOutgoing.Types types = knownOutgoing;
        return (types == null ? lookUpOutgoing(connection) : Mono.just(types)).flatMap(found -> {
            outgoing.bind(statement, found);
            return execute(statement);
        });
    }

    private Mono<Void> execute(Statement statement) {
        return Flux.from(statement.execute())
                .flatMap(Result::getRowsUpdated)
                .then()
                .doOnError(error -> {
                    if (!Errors.isCollision(error)) {
                        known = null; // the types may have been made anew
                        knownOutgoing = null;
                    }
                });
    }

    private String statement(boolean withHeads, boolean withNews) {
        if (withNews) {
            return withHeads ? entriesAndHeadsAndNews : entriesAndNews;
        }
        return withHeads ? entriesAndHeads : entriesOnly;
    }

    private static void encode(CompositeWriter out, JournalRow row) {
        Payload payload = row.payload();
        out.text(row.traceId())
                .int8(row.position())
                .int8(row.writer())
                .int8(row.step())
                .timestamptz(row.at())
                .int4(row.attempt())
                .int2(row.kind())
                .int2(row.outcome())
                .text(row.workflow())
                .text(row.version())
                .text(row.nodeId())
                .text(row.reference())
                .text(row.label())
                .text(row.message())
                .text(row.detail())
                .text(payload == null ? null : payload.mediaType())
                .bytea(payload == null ? null : payload.hash())
                .bytea(payload == null ? null : payload.asByteBuffer());
    }

    private static void encode(CompositeWriter out, Head head) {
        TraceHead row = head.row();
        out.text(row.traceId())
                .text(row.workflow())
                .text(row.version())
                .int2((short) row.status().ordinal())
                .int8(row.holder())
                .timestamptz(row.dueAt())
                .timestamptz(head.isNew() ? row.createdAt() : row.createdAt().plusSeconds(SHIFT_SECONDS))
                .timestamptz(row.updatedAt());
    }

    private Mono<Types> lookUp(Connection connection) {
        return lookUp(connection, entryType, ENTRY_COLUMNS)
                .zipWhen(entry -> lookUp(connection, headType, HEAD_COLUMNS), Types::new)
                .doOnNext(found -> known = found);
    }

    private Mono<PostgresOutgoing.Types> lookUpOutgoing(Connection connection) {
        return lookUp(connection, letterType, DeadLetterRow.COUNT)
                .zipWhen(letter -> lookUp(connection, deliveryType, DeliveryRow.COUNT), PostgresOutgoing.Types::new)
                .doOnNext(found -> knownOutgoing = found);
    }

    private Mono<RowArray.Type> lookUp(Connection connection, String name, int columns) {
        return Flux.from(connection.createStatement(types).bind(0, name).execute())
                .flatMap(result -> result.map(row -> new RowArray.Type(
                        Objects.requireNonNull(row.get(0, Long.class)).intValue(),
                        Objects.requireNonNull(row.get(1, Long.class)).intValue(),
                        columns)))
                .next()
                .switchIfEmpty(Mono.error(
                        () -> new StoreFailedException(null, "Type " + name + " is missing; call migrate().", null)));
    }
}
