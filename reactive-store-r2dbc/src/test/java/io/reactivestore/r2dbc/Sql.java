package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongPredicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Plain SQL beside the store, each statement on a connection of its own. */
final class Sql {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final ConnectionFactory factory;

    Sql(String url) {
        this.factory = ConnectionFactories.get(url);
    }

    /** A connection of the caller's own. */
    Connection connection() {
        return Objects.requireNonNull(Mono.<Connection>from(factory.create()).block(LIMIT));
    }

    void execute(String sql, Object... values) {
        Mono.usingWhen(
                        factory.create(),
                        connection -> Flux.from(bound(connection.createStatement(sql), values)
                                        .execute())
                                .flatMap(result -> result.getRowsUpdated())
                                .then(),
                        connection -> connection.close())
                .block(LIMIT);
    }

    <T> List<T> query(Function<Readable, T> mapper, String sql, Object... values) {
        return Objects.requireNonNull(Mono.usingWhen(
                        factory.create(),
                        connection -> Flux.from(bound(connection.createStatement(sql), values)
                                        .execute())
                                .flatMap(result -> result.map(mapper))
                                .collectList(),
                        connection -> connection.close())
                .block(LIMIT));
    }

    List<String> strings(String sql, Object... values) {
        return query(row -> row.get(0, String.class), sql, values);
    }

    long number(String sql, Object... values) {
        return query(row -> Objects.requireNonNull(row.get(0, Long.class)), sql, values)
                .get(0);
    }

    /** Asks again until the number is as wanted: what a server counts, it shows with delay. */
    long await(LongPredicate wanted, String sql, Object... values) {
        for (int tries = 0; tries < 600; tries++) {
            long found = number(sql, values);
            if (wanted.test(found)) {
                return found;
            }
            Mono.delay(Duration.ofMillis(100)).block();
        }
        throw new AssertionError("not as wanted for a minute: " + sql + " gives " + number(sql, values));
    }

    private static Statement bound(Statement statement, Object... values) {
        for (int i = 0; i < values.length; i++) {
            statement.bind(i, values[i]);
        }
        return statement;
    }
}
