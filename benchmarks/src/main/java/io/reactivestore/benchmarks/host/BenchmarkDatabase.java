package io.reactivestore.benchmarks.host;

import io.r2dbc.spi.ConnectionFactoryOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL of a run: one for all contenders, with its default durability. */
public final class BenchmarkDatabase implements AutoCloseable {

    private static final String VARIABLE = "REACTIVE_STORE_POSTGRES_URL";

    private final String r2dbcUrl;
    private final String jdbcUrl;
    private final @Nullable EmbeddedPostgres embedded;

    private BenchmarkDatabase(String r2dbcUrl, @Nullable EmbeddedPostgres embedded) {
        this.r2dbcUrl = r2dbcUrl;
        this.jdbcUrl = jdbc(r2dbcUrl);
        this.embedded = embedded;
    }

    /** Takes the server that the environment names, or starts one. */
    public static BenchmarkDatabase open() {
        String given = System.getenv(VARIABLE);
        if (given != null && !given.isBlank()) {
            return new BenchmarkDatabase(given, null);
        }
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                    .setPGStartupWait(Duration.ofMinutes(3))
                    .start();
            return new BenchmarkDatabase(
                    "r2dbc:postgresql://postgres@localhost:" + server.getPort() + "/postgres", server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jdbc(String r2dbcUrl) {
        ConnectionFactoryOptions options = ConnectionFactoryOptions.parse(r2dbcUrl);
        Object port = options.getValue(ConnectionFactoryOptions.PORT);
        Object password = options.getValue(ConnectionFactoryOptions.PASSWORD);
        return "jdbc:postgresql://" + options.getValue(ConnectionFactoryOptions.HOST)
                + (port == null ? "" : ":" + port) + "/" + options.getValue(ConnectionFactoryOptions.DATABASE)
                + "?user="
                + options.getValue(ConnectionFactoryOptions.USER)
                + (password == null ? "" : "&password=" + password);
    }

    public String r2dbcUrl() {
        return r2dbcUrl;
    }

    public String jdbcUrl() {
        return jdbcUrl;
    }

    public void execute(String... statements) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a schema, and whatever was in it before is gone. */
    public void freshSchema(String schema) {
        execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE", "CREATE SCHEMA " + schema, "CHECKPOINT");
    }

    /** Version and durability, for the head of a report. */
    public String describe() {
        return text("SELECT version()") + ", fsync " + text("SHOW fsync") + ", synchronous_commit "
                + text("SHOW synchronous_commit");
    }

    /** One number out of one row. */
    public long number(String query) {
        return Long.parseLong(text(query));
    }

    public String text(String query) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (embedded != null) {
            try {
                embedded.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
