package io.reactivestore.r2dbc;

import io.r2dbc.spi.ConnectionFactory;
import io.reactivestore.spi.JournalBackend;
import java.util.Objects;

/** What lies below a store, in an empty database of a test's own, for tests of other modules. */
public final class TestBackend {

    private TestBackend() {}

    /**
     * Makes a database in PostgreSQL.
     *
     * @return what keeps journals and heads in it
     */
    public static JournalBackend postgres() {
        return in(Database.POSTGRESQL);
    }

    /**
     * Makes a database in H2, in memory.
     *
     * @return what keeps journals and heads in it
     */
    public static JournalBackend h2() {
        return in(Database.H2);
    }

    @SuppressWarnings("resource") // as long as the test runs
    private static JournalBackend in(Database kind) {
        R2dbcConfig config = R2dbcConfig.defaults();
        TestDatabase database = TestDatabase.of(kind);
        R2dbcStore store = database.store(config);
        store.migrate().then(store.close()).block();
        ConnectionFactory factory = Objects.requireNonNull(Pools.factory(database.url(), config));
        Connections connections = switch (kind) {
            case POSTGRESQL -> Pools.connections(factory, config);
            case H2 -> new BlockingConnections(factory, true);
        };
        return SqlBackend.of(kind, connections, Pools.unpooled(factory), config.tables());
    }
}
