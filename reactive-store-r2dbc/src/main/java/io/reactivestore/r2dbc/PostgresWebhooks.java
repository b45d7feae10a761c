package io.reactivestore.r2dbc;

import io.reactivestore.webhooks.Delivery;
import java.time.ZoneOffset;
import java.util.List;
import reactor.core.publisher.Mono;

/** Reserves deliveries in one statement that waits for no lock. */
final class PostgresWebhooks extends SqlWebhooks {

    /** Of each endpoint as many as are wanted at the most: what is due for others is not read, however much that is. */
    private static final String RESERVE = """
            WITH due AS MATERIALIZED (\
            SELECT open.id, open.due_at FROM unnest($1::text[]) AS asked (endpoint) CROSS JOIN LATERAL (\
            SELECT id, due_at FROM ${schema}${prefix}delivery \
            WHERE state = 1 AND endpoint = asked.endpoint AND due_at <= $2 \
            ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED) AS open \
            ORDER BY open.due_at LIMIT $4), \
            reserved AS (\
            UPDATE ${schema}${prefix}delivery AS d SET due_at = $3, revision = d.revision + 1 FROM due WHERE d.id = due.id \
            RETURNING d.*, due.due_at AS was_due_at) \
            SELECT ${columns} FROM reserved ORDER BY was_due_at, id""";

    private static final String SQL = RESERVE.replace("${columns}", DeliveryRow.COLUMNS);

    PostgresWebhooks(Connections connections, BatchWriter writer, SqlDeadLetters letters, Tables tables) {
        super(connections, writer, letters, tables);
    }

    @Override
    public Mono<List<Delivery>> reserve(Due due) {
        return connections.use(
                "claim deliveries",
                connection -> Rows.of(
                                statement(connection, SQL)
                                        .bind(0, due.endpoints().toArray(String[]::new))
                                        .bind(1, due.now().atOffset(ZoneOffset.UTC))
                                        .bind(2, due.until().atOffset(ZoneOffset.UTC))
                                        .bind(3, (long) due.limit()),
                                DeliveryRow::read)
                        .collectList());
    }
}
