package io.reactivestore.r2dbc;

import io.r2dbc.spi.ConnectionFactory;
import io.reactivestore.Capability;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * A store in PostgreSQL or H2.
 *
 * <pre>{@code
 * R2dbcStore store = R2dbcStore.create("r2dbc:postgresql://app:secret@localhost/app");
 * Mono<Long> first = store.migrate().then(store.traces().append(envelope));
 * }</pre>
 */
public final class R2dbcStore implements ReactiveStore {

    private final ReactiveStore store;
    private final Migration migration;
    private final Connections connections;

    private R2dbcStore(SqlBackend backend, Connections connections, Database database, R2dbcConfig config) {
        this.connections = connections;
        this.migration = new Migration(connections, database, config.tables());
        this.store = JournaledStore.over(backend, config.store());
    }

    /**
     * Opens a store by URL, with the defaults. No connection is made before the first call.
     *
     * @param url {@code r2dbc:postgresql://user:password@host/database}, {@code r2dbc:h2:file:///./path/to/file} or
     *     {@code r2dbc:h2:mem:///name}
     * @return the store
     * @throws IllegalArgumentException if the URL is of another form, or its driver is not on the class path
     */
    public static R2dbcStore create(String url) {
        return create(url, R2dbcConfig.defaults());
    }

    /**
     * Opens a store by URL, with a pool built for the purpose. No connection is made before the first call.
     *
     * @param url as for {@link #create(String)}
     * @param config where the tables are and how many connections there may be
     * @return the store
     * @throws IllegalArgumentException as {@link #create(String)}
     */
    public static R2dbcStore create(String url, R2dbcConfig config) {
        return create(Pools.factory(url, config), config, true);
    }

    /**
     * Opens a store over a connection factory, with the defaults. A pool is used as it is and stays the caller's; any other
     * factory gets a pool of the store's own. No connection is made before the first call.
     *
     * @param factory makes connections to PostgreSQL or H2
     * @return the store
     */
    public static R2dbcStore create(ConnectionFactory factory) {
        return create(factory, R2dbcConfig.defaults());
    }

    /**
     * Opens a store over a connection factory, as {@link #create(ConnectionFactory)} does.
     *
     * @param factory makes connections to PostgreSQL or H2
     * @param config where the tables are and how many connections there may be
     * @return the store
     */
    public static R2dbcStore create(ConnectionFactory factory, R2dbcConfig config) {
        return create(factory, config, false);
    }

    private static R2dbcStore create(ConnectionFactory factory, R2dbcConfig config, boolean ownFactory) {
        Database database = Database.of(factory);
        Connections connections = switch (database) {
            case POSTGRESQL -> Pools.connections(factory, config);
            case H2 -> new BlockingConnections(factory, ownFactory);
        };
        SqlBackend backend = SqlBackend.of(database, connections, Pools.unpooled(factory), config.tables());
        return new R2dbcStore(backend, connections, database, config);
    }

    /**
     * Brings the tables to the version this library needs: makes them, or upgrades them, or does nothing. Any number of
     * processes may do so at once. The scripts lie in this package as {@code postgresql/V*.sql} and {@code h2/V*.sql} for
     * those who would rather apply them with a tool of their own.
     *
     * @return a Mono that completes when the tables are there, or signals
     *     {@link io.reactivestore.error.SchemaVersionException} if they are of a newer version
     */
    public Mono<Void> migrate() {
        return migration.apply();
    }

    @Override
    public PersistenceStore traces() {
        return store.traces();
    }

    @Override
    public Set<Capability<?>> capabilities() {
        return store.capabilities();
    }

    @Override
    public <F> Optional<F> find(Capability<F> capability) {
        return store.find(capability);
    }

    @Override
    public Mono<Void> close() {
        return store.close();
    }

    /** How many connections are out now: for tests of leaks. */
    int connectionsInUse() {
        return connections.inUse();
    }
}
