package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.reactivestore.Payload;
import io.reactivestore.TraceHead;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.webhooks.Delivery;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes row by row in one transaction: H2 runs in this process, so rows cost no round trips. {@code CHECKPOINT SYNC} makes the
 * commit durable: without it H2 2.4 writes a commit up to half a second later, and never calls fsync.
 */
final class H2BatchWriter implements BatchWriter {

    private static final String INSERT = """
            INSERT INTO ${schema}${prefix}journal (trace_id, position, writer, step, at, attempt, kind, outcome, workflow, \
            version, node_id, reference, label, message, detail, media_type, payload_hash, payload) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)""";

    private static final String HEAD = """
            MERGE INTO ${schema}${prefix}trace (trace_id, workflow, version, status, holder, due_at, created_at, updated_at) \
            KEY (trace_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""";

    private static final String MOVED_HEAD = """
            UPDATE ${schema}${prefix}trace SET version = $2, status = $3, holder = $4, due_at = $5, updated_at = $6 \
            WHERE trace_id = $1 AND created_at = $7""";

    private static final String LETTER = """
            MERGE INTO ${schema}${prefix}dead_letter (${columns}) KEY (id) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
            $15 + COALESCE((SELECT revision FROM ${schema}${prefix}dead_letter WHERE id = $1), 0))""";

    private static final String SETTLED = """
            UPDATE ${schema}${prefix}dead_letter SET state = $1, state_at = $2, note = $3, revision = revision + 1 \
            WHERE id = $4 AND state = $5""";

    private static final String IS_THERE = "SELECT COUNT(*) FROM ${schema}${prefix}delivery WHERE id = $1";

    private static final String DELIVERY = """
            INSERT INTO ${schema}${prefix}delivery (${columns}) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""";

    static final String SYNC = "CHECKPOINT SYNC";

    private final String insert;
    private final String head;
    private final String movedHead;
    private final String letter;
    private final String settled;
    private final String isThere;
    private final String delivery;
    private final String tag;

    H2BatchWriter(Tables tables) {
        this.insert = tables.in(INSERT);
        this.head = tables.in(HEAD);
        this.movedHead = tables.in(MOVED_HEAD);
        this.letter = tables.in(LETTER.replace("${columns}", DeadLetterRow.COLUMNS));
        this.settled = tables.in(SETTLED);
        this.isThere = tables.in(IS_THERE);
        this.delivery = tables.in(DELIVERY.replace("${columns}", DeliveryRow.COLUMNS));
        this.tag = tables.in(SqlTags.INSERT);
    }

    @Override
    public Mono<Void> write(Connection connection, List<TraceAppend> batch) {
        return Mono.from(connection.beginTransaction())
                .then(Mono.defer(() -> rows(connection, batch)))
                .then(Mono.defer(() -> Mono.from(connection.commitTransaction())))
                .onErrorResume(
                        error -> Mono.from(connection.rollbackTransaction()).then(Mono.error(error)))
                .then(Mono.defer(() -> sync(connection)));
    }

    @Override
    public Mono<Void> rows(Connection connection, List<TraceAppend> batch) {
        // entries first: a position that is taken ends it before anything else is touched
        return run(entries(connection.createStatement(insert), batch))
                .then(Mono.defer(() -> run(heads(connection.createStatement(head), batch))))
                .then(Mono.defer(() -> move(connection, batch)))
                .then(Mono.defer(() -> run(tags(connection, batch))))
                .then(Mono.defer(() -> run(letters(connection, batch))))
                .then(Mono.defer(() -> run(settled(connection, batch))))
                .then(Mono.defer(() -> deliveries(connection, batch)));
    }

    @Override
    public Mono<Void> sync(Connection connection) {
        return run(connection.createStatement(SYNC));
    }

    /** Heads that there must be, or the trace was deleted. */
    private Mono<Void> move(Connection connection, List<TraceAppend> batch) {
        Statement statement = connection.createStatement(movedHead);
        int moved = 0;
        for (TraceAppend append : batch) {
            TraceHead trace = append.head();
            if (trace != null && append.expectedPosition() > 0) {
                (moved++ > 0 ? statement.add() : statement)
                        .bind(0, trace.traceId())
                        .bind(1, trace.version())
                        .bind(2, (short) trace.status().ordinal())
                        .bind(5, trace.updatedAt().atOffset(ZoneOffset.UTC))
                        .bind(6, trace.createdAt().atOffset(ZoneOffset.UTC));
                bind(statement, 3, trace.holder(), Long.class);
                bind(statement, 4, trace.dueAt());
            }
        }
        long wanted = moved;
        return wanted == 0
                ? Mono.empty()
                : Rows.changed(statement)
                        .flatMap(rows -> rows == wanted ? Mono.empty() : Mono.error(new Errors.HeadMissing()));
    }

    private static Mono<Void> run(@Nullable Statement statement) {
        return statement == null
                ? Mono.empty()
                : Flux.from(statement.execute())
                        .flatMap(result -> result.getRowsUpdated())
                        .then();
    }

    private static @Nullable Statement heads(Statement statement, List<TraceAppend> batch) {
        boolean any = false;
        for (TraceAppend append : batch) {
            TraceHead trace = append.head();
            if (trace != null && append.expectedPosition() == 0) {
                (any ? statement.add() : statement)
                        .bind(0, trace.traceId())
                        .bind(1, trace.workflow())
                        .bind(2, trace.version())
                        .bind(3, (short) trace.status().ordinal())
                        .bind(6, trace.createdAt().atOffset(ZoneOffset.UTC))
                        .bind(7, trace.updatedAt().atOffset(ZoneOffset.UTC));
                bind(statement, 4, trace.holder(), Long.class);
                bind(statement, 5, trace.dueAt());
                any = true;
            }
        }
        return any ? statement : null;
    }

    private @Nullable Statement tags(Connection connection, List<TraceAppend> batch) {
        Statement statement = null;
        for (TraceAppend append : batch) {
            for (Outgoing each : append.outgoing()) {
                if (each instanceof Outgoing.ToCatalog first && append.head() != null) {
                    OffsetDateTime createdAt = append.head().createdAt().atOffset(ZoneOffset.UTC);
                    for (Map.Entry<String, String> value : first.tags().values().entrySet()) {
                        statement = statement == null ? connection.createStatement(tag) : statement.add();
                        statement
                                .bind(0, append.traceId())
                                .bind(1, value.getKey())
                                .bind(2, value.getValue())
                                .bind(3, createdAt);
                    }
                }
            }
        }
        return statement;
    }

    private @Nullable Statement letters(Connection connection, List<TraceAppend> batch) {
        Statement statement = null;
        for (TraceAppend append : batch) {
            for (Outgoing each : append.outgoing()) {
                if (each instanceof Outgoing.ToDeadLetters sent) {
                    statement = statement == null ? connection.createStatement(letter) : statement.add();
                    DeadLetterRow.bindAll(statement, sent.letter());
                }
            }
        }
        return statement;
    }

    private @Nullable Statement settled(Connection connection, List<TraceAppend> batch) {
        Statement statement = null;
        for (TraceAppend append : batch) {
            for (Outgoing each : append.outgoing()) {
                if (each instanceof Outgoing.Settled over) {
                    statement = statement == null ? connection.createStatement(settled) : statement.add();
                    statement
                            .bind(0, DeadLetterRow.code(DeadLetterState.RESOLVED))
                            .bind(1, over.at().atOffset(ZoneOffset.UTC))
                            .bind(2, over.reason())
                            .bind(3, over.traceId())
                            .bind(4, DeadLetterRow.code(DeadLetterState.PENDING));
                }
            }
        }
        return statement;
    }

    /** There is one writer at a time, so nobody writes it between the look and the writing. */
    private Mono<Void> deliveries(Connection connection, List<TraceAppend> batch) {
        List<Delivery> all = new ArrayList<>(0);
        for (TraceAppend append : batch) {
            for (Outgoing each : append.outgoing()) {
                if (each instanceof Outgoing.ToWebhook sent) {
                    all.add(sent.delivery());
                }
            }
        }
        return Flux.fromIterable(all)
                .concatMap(each -> Rows.of(
                                connection.createStatement(isThere).bind(0, each.id()), row -> Rows.number(row, 0))
                        .single()
                        .filter(there -> there == 0)
                        .flatMap(none -> run(DeliveryRow.bindAll(connection.createStatement(delivery), each))))
                .then();
    }

    private static Statement entries(Statement statement, List<TraceAppend> batch) {
        boolean first = true;
        for (TraceAppend append : batch) {
            for (JournalEntry entry : append.entries()) {
                bind(first ? statement : statement.add(), JournalRow.of(entry));
                first = false;
            }
        }
        return statement;
    }

    private static void bind(Statement statement, JournalRow row) {
        Payload payload = row.payload();
        statement
                .bind(0, row.traceId())
                .bind(1, row.position())
                .bind(2, row.writer())
                .bind(4, row.at().atOffset(ZoneOffset.UTC))
                .bind(6, row.kind());
        bind(statement, 3, row.step(), Long.class);
        bind(statement, 5, row.attempt(), Integer.class);
        bind(statement, 7, row.outcome(), Short.class);
        bind(statement, 8, row.workflow(), String.class);
        bind(statement, 9, row.version(), String.class);
        bind(statement, 10, row.nodeId(), String.class);
        bind(statement, 11, row.reference(), String.class);
        bind(statement, 12, row.label(), String.class);
        bind(statement, 13, row.message(), String.class);
        bind(statement, 14, row.detail(), String.class);
        bind(statement, 15, payload == null ? null : payload.mediaType(), String.class);
        bind(statement, 16, payload == null ? null : payload.hash().toBytes(), byte[].class);
        bind(statement, 17, payload == null ? null : payload.toByteArray(), byte[].class);
    }

    static void bind(Statement statement, int index, @Nullable Instant value) {
        bind(statement, index, value == null ? null : value.atOffset(ZoneOffset.UTC), OffsetDateTime.class);
    }

    static <T> void bind(Statement statement, int index, @Nullable T value, Class<T> type) {
        if (value == null) {
            statement.bindNull(index, type);
        } else {
            statement.bind(index, Objects.requireNonNull(value));
        }
    }
}
