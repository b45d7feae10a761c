package io.reactivestore.examples.cluster;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.reactivestore.r2dbc.TestPostgres;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An empty PostgreSQL database of a test's own. */
public record OwnDatabase(String url) {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Makes one on the server of the tests. */
    public static OwnDatabase create() {
        String server = TestPostgres.url();
        String name = "own_" + UUID.randomUUID().toString().replace("-", "");
        new OwnDatabase(server).execute("CREATE DATABASE " + name);
        int query = server.indexOf('?');
        String path = query < 0 ? server : server.substring(0, query);
        return new OwnDatabase(
                path.substring(0, path.lastIndexOf('/') + 1) + name + (query < 0 ? "" : server.substring(query)));
    }

    void execute(String sql) {
        ConnectionFactory factory = ConnectionFactories.get(url);
        Mono.usingWhen(
                        factory.create(),
                        connection -> Flux.from(connection.createStatement(sql).execute())
                                .flatMap(result -> result.getRowsUpdated())
                                .then(),
                        connection -> connection.close())
                .block(LIMIT);
    }

    /** The rows of a query for a text and a number. */
    Map<String, Long> counts(String sql) {
        ConnectionFactory factory = ConnectionFactories.get(url);
        return Objects.requireNonNull(Mono.usingWhen(
                        factory.create(),
                        connection -> Flux.from(connection.createStatement(sql).execute())
                                .flatMap(result -> result.map(row -> Map.entry(
                                        Objects.requireNonNull(row.get(0, String.class)),
                                        Objects.requireNonNull(row.get(1, Long.class)))))
                                .collectMap(Map.Entry::getKey, Map.Entry::getValue),
                        connection -> connection.close())
                .block(LIMIT));
    }
}
