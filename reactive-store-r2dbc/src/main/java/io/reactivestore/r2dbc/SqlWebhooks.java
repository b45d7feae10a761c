package io.reactivestore.r2dbc;

import static io.reactivestore.r2dbc.H2BatchWriter.bind;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.reactivestore.spi.WebhookBackend;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Deliveries and their attempts in two tables. How they are reserved is the database's own; new ones come with a batch. */
abstract class SqlWebhooks implements WebhookBackend {

    static final String SELECT = "SELECT " + DeliveryRow.COLUMNS + " FROM ${schema}${prefix}delivery";

    private static final String FIND = SELECT + " WHERE id = $1";

    private static final String OF_TRACE = SELECT + " WHERE trace_id = $1 ORDER BY created_at, id LIMIT $2";

    private static final String ATTEMPTS = """
            SELECT at, status, error, took_millis FROM ${schema}${prefix}delivery_attempt WHERE delivery_id = $1 \
            ORDER BY number""";

    private static final String COUNTS = "SELECT state, COUNT(*) FROM ${schema}${prefix}delivery GROUP BY state";

    private static final String REPLACE = """
            UPDATE ${schema}${prefix}delivery SET state = $1, attempts = $2, due_at = $3, revision = $4 \
            WHERE id = $5 AND revision = $6""";

    private static final String TRIED = """
            INSERT INTO ${schema}${prefix}delivery_attempt (delivery_id, number, at, status, error, took_millis) \
            VALUES ($1, $2, $3, $4, $5, $6)""";

    final Connections connections;
    private final BatchWriter writer;
    private final SqlDeadLetters letters;
    private final Tables tables;

    SqlWebhooks(Connections connections, BatchWriter writer, SqlDeadLetters letters, Tables tables) {
        this.connections = connections;
        this.writer = writer;
        this.letters = letters;
        this.tables = tables;
    }

    @Override
    public final Mono<Delivery> find(String id) {
        return connections.use(
                "find a delivery",
                connection -> Rows.of(statement(connection, FIND).bind(0, id), DeliveryRow::read)
                        .next());
    }

    @Override
    public final Mono<List<Delivery>> ofTrace(String traceId, int limit) {
        return connections.use(
                "list deliveries",
                connection -> Rows.of(
                                statement(connection, OF_TRACE).bind(0, traceId).bind(1, limit), DeliveryRow::read)
                        .collectList());
    }

    @Override
    public final Mono<List<DeliveryAttempt>> attempts(String id) {
        return connections.use(
                "list attempts",
                connection -> Rows.of(statement(connection, ATTEMPTS).bind(0, id), DeliveryRow::attempt)
                        .collectList());
    }

    @Override
    public final Mono<Map<DeliveryState, Long>> counts() {
        return connections.use(
                "count deliveries",
                connection -> Rows.of(
                                statement(connection, COUNTS),
                                row -> Map.entry(DeliveryRow.state(row.get(0, Short.class)), Rows.number(row, 1)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public final Mono<Boolean> replace(Change change) {
        return connections.write(
                "move a delivery", connection -> Commit.of(connection, writer, () -> write(connection, change)));
    }

    /** The row is locked by the first statement, so nobody else writes its attempts and its letter. */
    private Mono<Boolean> write(Connection connection, Change change) {
        return replace(connection, change.next()).flatMap(rows -> {
            if (rows == 0) {
                return Mono.just(false);
            }
            Mono<Void> tried = tried(connection, change.next(), change.attempt());
            return tried.then(Mono.defer(() -> letters.put(connection, change.letter())))
                    .thenReturn(true);
        });
    }

    final Mono<Long> replace(Connection connection, Delivery next) {
        Statement statement = statement(connection, REPLACE)
                .bind(0, DeadLetterRow.code(next.state()))
                .bind(1, next.attempts())
                .bind(3, next.revision())
                .bind(4, next.id())
                .bind(5, next.revision() - 1);
        bind(statement, 2, next.dueAt());
        return Rows.changed(statement);
    }

    private Mono<Void> tried(Connection connection, Delivery next, @Nullable DeliveryAttempt attempt) {
        if (attempt == null) {
            return Mono.empty();
        }
        Statement statement = statement(connection, TRIED)
                .bind(0, next.id())
                .bind(1, next.revision())
                .bind(2, attempt.at().atOffset(ZoneOffset.UTC))
                .bind(5, attempt.took().toMillis());
        bind(statement, 3, attempt.status(), Integer.class);
        bind(statement, 4, attempt.error(), String.class);
        return Rows.changed(statement).then();
    }

    final Mono<Void> sync(Connection connection) {
        return writer.sync(connection);
    }

    final Statement statement(Connection connection, String sql) {
        return connection.createStatement(tables.in(sql));
    }
}
