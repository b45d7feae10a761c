package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL of a test's own, with the durability it has by default, that can be killed and started again on the same data
 * and the same port.
 */
final class RestartablePostgres implements AutoCloseable {

    private final EmbeddedPostgres server;
    private final Path data;
    private final Path binaries;

    private RestartablePostgres(EmbeddedPostgres server, Path data, Path binaries) {
        this.server = server;
        this.data = data;
        this.binaries = binaries;
    }

    /** Starts a server, or skips the test where that cannot be done. */
    static RestartablePostgres start(Path data) throws IOException {
        EmbeddedPostgres server;
        try {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setPGStartupWait(Duration.ofMinutes(3))
                    .start();
        } catch (IOException | IllegalStateException e) {
            return Assumptions.abort("No PostgreSQL can be started from its binaries here: " + e);
        }
        // the first word is the path of the program
        String started = Files.readString(data.resolve("postmaster.opts"));
        return new RestartablePostgres(
                server,
                data,
                Path.of(started.substring(0, started.indexOf(' '))).getParent());
    }

    String url() {
        return "r2dbc:postgresql://postgres@localhost:" + server.getPort() + "/postgres";
    }

    /** Kills all processes of the server at once: what is not in the log by now is lost. */
    void kill() throws IOException, InterruptedException {
        control("stop", "-m", "immediate");
    }

    /** Starts it again; it recovers from its log. */
    void restart() throws IOException, InterruptedException {
        control("start", "-l", data.resolve("server.log").toString(), "-o", "-p " + server.getPort());
    }

    private void control(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to run as root
        }
        command.addAll(List.of(binaries.resolve("pg_ctl").toString(), "-D", data.toString(), "-w", "-t", "180"));
        command.addAll(List.of(words));
        Path output = data.resolve("pg_ctl.log");
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        assertThat(exit).as(() -> command + " said: " + read(output)).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
