package io.reactivestore.r2dbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for the tests, found in this order: the URL in the environment variable {@value #VARIABLE}; Docker; else
 * PostgreSQL's own binaries from the registry, started as a child process. Started once per test run, with the durability
 * that PostgreSQL has by default.
 */
public final class TestPostgres {

    static final String VARIABLE = "REACTIVE_STORE_POSTGRES_URL";

    private static final String PASSWORD = "postgres";

    private TestPostgres() {}

    /** An R2DBC URL of a database that the tests may fill. */
    public static String url() {
        return Holder.URL;
    }

    private static final class Holder {
        static final String URL = find();

        private static String find() {
            loadSockets();
            String given = System.getenv(VARIABLE);
            if (given != null && !given.isBlank()) {
                return announce("the URL in " + VARIABLE, given);
            }
            return DockerClientFactory.instance().isDockerAvailable() ? inDocker() : embedded();
        }
    }

    /** The JDK reads a file when its first socket is made: here, lest it happens where BlockHound forbids it. */
    private static void loadSockets() {
        try {
            new Socket().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String inDocker() {
        @SuppressWarnings("resource") // stopped by Testcontainers at the end of the JVM
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:15");
        container.start();
        return announce(
                "Docker",
                "r2dbc:postgresql://" + container.getUsername() + ":" + container.getPassword() + "@"
                        + container.getHost() + ":" + container.getMappedPort(5432) + "/"
                        + container.getDatabaseName());
    }

    private static String embedded() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                    .setPGStartupWait(Duration.ofMinutes(3))
                    .start();
            demandPassword(server);
            return announce(
                    "embedded binaries",
                    "r2dbc:postgresql://postgres:" + PASSWORD + "@localhost:" + server.getPort() + "/postgres");
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("PostgreSQL did not start from its binaries", e);
        }
    }

    /** As a real server does: to log in then takes several words of either side, and random numbers. */
    private static void demandPassword(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            String rules;
            try (ResultSet found = statement.executeQuery("SHOW hba_file")) {
                found.next();
                rules = found.getString(1).replace("'", "''");
            }
            statement.execute("ALTER ROLE postgres PASSWORD '" + PASSWORD + "'");
            statement.execute("COPY (SELECT 'host all all all scram-sha-256') TO '" + rules + "'");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private static String announce(String how, String url) {
        System.out.println("PostgreSQL for the tests: " + how);
        return url;
    }
}
