package io.reactivestore.r2dbc;

import io.reactivestore.core.StoreConfig;
import io.reactivestore.internal.Check;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables are and how many connections there may be. Immutable; the defaults suit most.
 *
 * <pre>{@code
 * R2dbcConfig config = R2dbcConfig.defaults().withSchema("workflows").withTablePrefix("orders_");
 * R2dbcStore store = R2dbcStore.create(connectionFactory, config);
 * }</pre>
 *
 * @param schema the schema of the tables, which must exist; null (the default) for the one the connection works in
 * @param tablePrefix stands before every table name; default {@code rs_}. Lower-case letters, digits and {@code _}.
 * @param maxConnections connections of the pool that the store makes, default 8: one for each lane, the rest for reading. Not
 *     used if a pool is handed in. On PostgreSQL one more, beside any pool, while somebody listens to
 *     {@link io.reactivestore.claims.Claims#hints hints}.
 * @param acquireTimeout how long to wait for a connection, default 30 s; also the limit of connecting
 * @param statementTimeout after which PostgreSQL gives a statement up, default 30 s; set on connections made from a URL. A
 *     connection that is silent for twice as long is given up as half-open, wherever it comes from.
 * @param store how to share writes and bound memory
 */
public record R2dbcConfig(
        @Nullable String schema,
        String tablePrefix,
        int maxConnections,
        Duration acquireTimeout,
        Duration statementTimeout,
        StoreConfig store) {

    /**
     * Checks names and limits.
     *
     * @param schema a lower-case identifier, or null
     * @param tablePrefix a lower-case identifier
     * @param maxConnections at least 1
     * @param acquireTimeout at least 1 ms
     * @param statementTimeout at least 1 ms
     * @param store how to share writes and bound memory
     * @throws IllegalArgumentException if a name or a limit is not of that form
     */
    public R2dbcConfig {
        new Tables(schema, tablePrefix);
        Check.atLeast("maxConnections", maxConnections, 1);
        Check.atLeast(
                "acquireTimeout in ms",
                Check.present("acquireTimeout", acquireTimeout).toMillis(),
                1);
        Check.atLeast(
                "statementTimeout in ms",
                Check.present("statementTimeout", statementTimeout).toMillis(),
                1);
        Check.present("store", store);
    }

    /**
     * Gives the defaults.
     *
     * @return a configuration
     */
    public static R2dbcConfig defaults() {
        return new R2dbcConfig(null, "rs_", 8, Duration.ofSeconds(30), Duration.ofSeconds(30), StoreConfig.defaults());
    }

    /**
     * A copy with another schema.
     *
     * @param schema the schema of the tables, or null
     * @return the copy
     */
    public R2dbcConfig withSchema(@Nullable String schema) {
        return new R2dbcConfig(schema, tablePrefix, maxConnections, acquireTimeout, statementTimeout, store);
    }

    /**
     * A copy with another table prefix.
     *
     * @param tablePrefix stands before every table name
     * @return the copy
     */
    public R2dbcConfig withTablePrefix(String tablePrefix) {
        return new R2dbcConfig(schema, tablePrefix, maxConnections, acquireTimeout, statementTimeout, store);
    }

    /**
     * A copy with another size of the pool.
     *
     * @param maxConnections connections at the most
     * @return the copy
     */
    public R2dbcConfig withMaxConnections(int maxConnections) {
        return new R2dbcConfig(schema, tablePrefix, maxConnections, acquireTimeout, statementTimeout, store);
    }

    /**
     * A copy with another limit of waiting for a connection.
     *
     * @param acquireTimeout how long to wait
     * @return the copy
     */
    public R2dbcConfig withAcquireTimeout(Duration acquireTimeout) {
        return new R2dbcConfig(schema, tablePrefix, maxConnections, acquireTimeout, statementTimeout, store);
    }

    /**
     * A copy with another limit of a statement.
     *
     * @param statementTimeout after which PostgreSQL gives a statement up
     * @return the copy
     */
    public R2dbcConfig withStatementTimeout(Duration statementTimeout) {
        return new R2dbcConfig(schema, tablePrefix, maxConnections, acquireTimeout, statementTimeout, store);
    }

    /**
     * A copy with another store configuration.
     *
     * @param store how to share writes and bound memory
     * @return the copy
     */
    public R2dbcConfig withStore(StoreConfig store) {
        return new R2dbcConfig(schema, tablePrefix, maxConnections, acquireTimeout, statementTimeout, store);
    }

    Tables tables() {
        return new Tables(schema, tablePrefix);
    }
}
