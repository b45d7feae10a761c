package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Round after round on one database: a process appends, is killed with SIGKILL once it has acknowledged a random number of
 * entries, and everything is checked. The next process takes the unfinished traces up.
 */
final class KillRounds {

    static final boolean STRESS = Boolean.getBoolean("reactivestore.stress");

    private static final int CALLERS = 24;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final String url;
    private final String prefix;
    private final Path errors;
    private final Random random;
    private final long seed;
    private final Audit audit = new Audit();

    /**
     * @param url of the database
     * @param prefix of the tables
     * @param folder where the processes may leave their error messages
     */
    KillRounds(String url, String prefix, Path folder) {
        this.url = url;
        this.prefix = prefix;
        this.errors = folder.resolve("errors.txt");
        this.seed = Long.getLong("reactivestore.seed", new Random().nextLong());
        this.random = new Random(seed);
    }

    /** The first process is killed while it makes the tables, so one round more than given. */
    void run(int rounds, Mono<?> dead) throws IOException, InterruptedException {
        System.out.println("Killing processes on " + url + ", -Dreactivestore.seed=" + seed);
        int entries = 0;
        for (int round = 0; round <= rounds; round++) {
            int before = audit.acks();
            int kill = round == 0 ? 0 : 1 + random.nextInt(800);
            appendAndKill(kill);
            dead.block(LIMIT);
            entries = check();
            assertThat(audit.acks() - before)
                    .as("acknowledgements of round %d", round)
                    .isGreaterThanOrEqualTo(kill);
        }
        System.out.println(rounds + " processes killed on " + url.replaceAll("//.*@", "//") + ": " + audit.acks()
                + " acknowledgements, " + entries + " entries");
    }

    private void appendAndKill(int acks) throws IOException, InterruptedException {
        int from = Math.max(0, audit.lastTrace() - 2 * CALLERS);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingProcess.class.getName(),
                        url,
                        prefix,
                        Integer.toString(from),
                        "1",
                        Integer.toString(CALLERS))
                .redirectError(errors.toFile())
                .start();
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine();
            assertThat(line)
                    .as(() -> "first line of the process; its errors: " + errors())
                    .isEqualTo(AppendingProcess.READY);
            for (int i = 0; i < acks; i++) {
                line = lines.readLine();
                assertThat(line)
                        .as(() -> "the process ended; its errors: " + errors())
                        .isNotNull();
                audit.add(Ack.parse(line).orElseThrow());
            }
            process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the pipe
            // what it still said was acknowledged too
            for (line = lines.readLine(); line != null; line = lines.readLine()) {
                Ack.parse(line).ifPresent(audit::add);
            }
        } finally {
            process.toHandle().destroyForcibly();
            process.waitFor();
        }
        assertThat(process.exitValue()).as("128 + SIGKILL").isEqualTo(137);
    }

    private String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private int check() {
        R2dbcStore store = R2dbcStore.create(url, R2dbcConfig.defaults().withTablePrefix(prefix));
        store.migrate().block(LIMIT);
        int entries = audit.check(store);
        assertThat(count("journal")).as("rows, found one by one or not").isEqualTo(entries);
        awaitNoConnections(store);
        store.close().block(LIMIT);
        return entries;
    }

    private long count(String table) {
        return query(url, "SELECT COUNT(*) FROM " + prefix + table).get(0);
    }

    /** Asks the database itself, on a connection of the test's own. */
    static List<Long> query(String url, String sql) {
        ConnectionFactory factory = ConnectionFactories.get(url);
        return Flux.usingWhen(
                        factory.create(),
                        connection -> Flux.from(connection.createStatement(sql).execute())
                                .flatMap(result -> result.map(row -> row.get(0, Long.class))),
                        connection -> connection.close())
                .collectList()
                .block(LIMIT);
    }

    /** A store tells its callers a moment before it counts a connection as given back. */
    static void awaitNoConnections(R2dbcStore store) {
        Mono.fromCallable(store::connectionsInUse)
                .filter(inUse -> inUse == 0)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)))
                .timeout(LIMIT, Mono.error(() -> new AssertionError(store.connectionsInUse() + " connections leaked")))
                .block();
    }

    /** Takes the tables of a test away. */
    static void drop(String url, String prefix) {
        ConnectionFactory factory = ConnectionFactories.get(url);
        String sql = "DROP TABLE IF EXISTS ${prefix}trace, ${prefix}journal, ${prefix}dead_letter, ${prefix}delivery,"
                + " ${prefix}delivery_attempt, ${prefix}tag, ${prefix}fact, ${prefix}fact_reference, ${prefix}snapshot,"
                + " ${prefix}engine, ${prefix}schema CASCADE;"
                + "DROP TYPE IF EXISTS ${prefix}trace_v1, ${prefix}journal_v1, ${prefix}dead_letter_v1, ${prefix}delivery_v1;"
                + "DROP FUNCTION IF EXISTS ${prefix}readable(bytea)";
        Flux.usingWhen(
                        factory.create(),
                        connection -> Flux.from(connection
                                        .createStatement(sql.replace("${prefix}", prefix))
                                        .execute())
                                .flatMap(result -> result.getRowsUpdated()),
                        connection -> connection.close())
                .then()
                .block(LIMIT);
    }

    /** A prefix that no other test has. */
    static String newPrefix() {
        return "t" + Long.toHexString(System.nanoTime()) + Integer.toHexString(new Random().nextInt(0xFFFF)) + "_";
    }
}
