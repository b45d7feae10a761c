package io.reactivestore.r2dbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for the tests, found in this order: the URL in the environment variable {@value #VARIABLE}; Docker; else
 * PostgreSQL's own binaries from the registry, started as a child process. Started once per test run, with the durability
 * that PostgreSQL has by default.
 */
final class TestPostgres {

    static final String VARIABLE = "REACTIVE_STORE_POSTGRES_URL";

    private TestPostgres() {}

    /** An R2DBC URL of a database that the tests may fill. */
    static String url() {
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
            return announce(
                    "embedded binaries", "r2dbc:postgresql://postgres@localhost:" + server.getPort() + "/postgres");
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start from its binaries", e);
        }
    }

    private static String announce(String how, String url) {
        System.out.println("PostgreSQL for the tests: " + how);
        return url;
    }
}
