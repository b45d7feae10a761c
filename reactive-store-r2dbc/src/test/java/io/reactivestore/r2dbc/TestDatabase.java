package io.reactivestore.r2dbc;

import io.r2dbc.spi.ConnectionFactory;
import java.util.UUID;

/** An empty database of a test's own. */
final class TestDatabase implements AutoCloseable {

    private final Database kind;
    private final String name;
    private final String url;
    private final Sql sql;

    private TestDatabase(Database kind, String name, String url) {
        this.kind = kind;
        this.name = name;
        this.url = url;
        this.sql = new Sql(url);
    }

    static TestDatabase of(Database kind) {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        if (kind == Database.H2) {
            return new TestDatabase(kind, name, "r2dbc:h2:mem:///" + name + ";DB_CLOSE_DELAY=-1");
        }
        String server = TestPostgres.url();
        new Sql(server).execute("CREATE DATABASE " + name);
        int path = server.lastIndexOf('/');
        int query = server.indexOf('?', path);
        return new TestDatabase(
                kind, name, server.substring(0, path + 1) + name + (query < 0 ? "" : server.substring(query)));
    }

    String name() {
        return name;
    }

    String url() {
        return url;
    }

    /** Plain SQL in this database. */
    Sql sql() {
        return sql;
    }

    R2dbcStore store(R2dbcConfig config) {
        return R2dbcStore.create(url, config);
    }

    /** The backend below a store, over connections without a pool. */
    SqlBackend backend(R2dbcConfig config) {
        return backend(Pools.factory(url, config), config);
    }

    SqlBackend backend(ConnectionFactory factory, R2dbcConfig config) {
        Connections connections = switch (kind) {
            case POSTGRESQL -> new Connections(factory);
            case H2 -> new BlockingConnections(factory, true);
        };
        return SqlBackend.of(kind, connections, factory, config.tables());
    }

    /** How many tables and views of this name there are, whatever their schema. */
    long relations(String name) {
        return sql.number("SELECT COUNT(*) FROM information_schema.tables WHERE LOWER(table_name) = $1", name);
    }

    @Override
    public void close() {
        if (kind == Database.POSTGRESQL) {
            new Sql(TestPostgres.url()).execute("DROP DATABASE " + name + " WITH (FORCE)");
        } else {
            sql.execute("SHUTDOWN");
        }
    }
}
