package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryState;
import java.time.ZoneOffset;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reserves deliveries one by one, each only if it is still as it was found: H2 runs in this process, so that costs no round trips. */
final class H2Webhooks extends SqlWebhooks {

    private static final String DUE =
            SELECT + " WHERE state = 1 AND due_at <= $2 AND endpoint = ANY($1) ORDER BY due_at, id LIMIT $3";

    H2Webhooks(Connections connections, BatchWriter writer, SqlDeadLetters letters, Tables tables) {
        super(connections, writer, letters, tables);
    }

    @Override
    public Mono<List<Delivery>> reserve(Due due) {
        return connections.write(
                "claim deliveries",
                connection -> Rows.of(
                                statement(connection, DUE)
                                        .bind(0, due.endpoints().toArray(String[]::new))
                                        .bind(1, due.now().atOffset(ZoneOffset.UTC))
                                        .bind(2, due.limit()),
                                DeliveryRow::read)
                        .collectList()
                        .flatMapMany(Flux::fromIterable)
                        .concatMap(found ->
                                reserve(connection, found.next(DeliveryState.PENDING, found.attempts(), due.until())))
                        .collectList()
                        .flatMap(reserved -> sync(connection).thenReturn(reserved)));
    }

    private Mono<Delivery> reserve(Connection connection, Delivery next) {
        return replace(connection, next).filter(rows -> rows == 1).map(rows -> next);
    }
}
