package io.reactivestore.r2dbc;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/** Connections to PostgreSQL: the driver's options and the pool's, set for this purpose. */
final class Pools {

    private static final Duration LIFE = Duration.ofMinutes(30);

    private Pools() {}

    static ConnectionFactory factory(String url, R2dbcConfig config) {
        ConnectionFactoryOptions parsed = parse(url);
        ConnectionFactoryOptions.Builder options = parsed.mutate();
        if ("postgresql".equals(parsed.getValue(ConnectionFactoryOptions.DRIVER))) {
            setIfAbsent(parsed, options, "applicationName", "reactive-store");
            setIfAbsent(parsed, options, "tcpKeepAlive", true);
            setIfAbsent(parsed, options, "forceBinary", true);
            setIfAbsent(parsed, options, "preparedStatementCacheQueries", 64);
            setIfAbsent(parsed, options, "connectTimeout", config.acquireTimeout());
            setIfAbsent(parsed, options, "statementTimeout", config.statementTimeout());
        }
        try {
            return ConnectionFactories.get(options.build());
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(
                    "no driver for this URL is on the class path; add r2dbc-postgresql or r2dbc-h2", e);
        }
    }

    /** What the parser says of an illegal URL shows all of it, with the password. */
    private static ConnectionFactoryOptions parse(String url) {
        try {
            return ConnectionFactoryOptions.parse(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the URL (not shown, it may hold a password) is not of the form "
                    + "r2dbc:postgresql://user:password@host/database or r2dbc:h2:file:///./path");
        }
    }

    private static void setIfAbsent(
            ConnectionFactoryOptions parsed, ConnectionFactoryOptions.Builder options, String name, Object value) {
        Option<Object> option = Option.valueOf(name);
        if (!parsed.hasOption(option)) {
            options.option(option, value);
        }
    }

    static Connections connections(ConnectionFactory factory, R2dbcConfig config) {
        // the server gives a statement up long before; twice, as work may be several statements
        Duration silence = config.statementTimeout().multipliedBy(2);
        if (isPool(factory)) {
            return new Connections(factory, silence);
        }
        ConnectionPool pool = new ConnectionPool(ConnectionPoolConfiguration.builder(factory)
                .name("reactive-store")
                .initialSize(0)
                .maxSize(config.maxConnections())
                .acquireRetry(0)
                .maxCreateConnectionTime(config.acquireTimeout())
                .maxLifeTime(LIFE)
                .build());
        return new Connections(new Acquiring(pool, acquire(pool, config)), silence) {
            @Override
            Mono<Void> close() {
                return pool.disposeLater();
            }
        };
    }

    /**
     * After a restart of the database every dead connection is found and replaced within one acquire. Not by the pool's own
     * acquireRetry, which repeats time-outs as well and so waits many times acquireTimeout; nor is the time limited by the pool,
     * which would start a timer for each.
     */
    private static Mono<Connection> acquire(ConnectionPool pool, R2dbcConfig config) {
        Mono<Connection> limited = new TimeLimit(config.acquireTimeout())
                .on(pool.create(), late -> Mono.from(late.close()).subscribe());
        return pastDead(limited, config.maxConnections());
    }

    private static Mono<Connection> pastDead(Mono<Connection> acquired, int dead) {
        return acquired.onErrorResume(
                error -> dead > 0 && !(error instanceof R2dbcTimeoutException || error instanceof TimeoutException),
                error -> pastDead(acquired, dead - 1));
    }

    private record Acquiring(ConnectionPool pool, Mono<Connection> create) implements ConnectionFactory {
        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return pool.getMetadata();
        }
    }

    /** What makes the connections that a pool, if this is one, hands out again and again. */
    static ConnectionFactory unpooled(ConnectionFactory factory) {
        return isPool(factory)
                        && factory instanceof Wrapped<?> wrapped
                        && wrapped.unwrap() instanceof ConnectionFactory inner
                ? unpooled(inner)
                : factory;
    }

    private static boolean isPool(ConnectionFactory factory) {
        return factory instanceof ConnectionPool
                || (factory instanceof Wrapped<?> wrapped
                        && wrapped.unwrap() instanceof ConnectionFactory inner
                        && isPool(inner));
    }
}
