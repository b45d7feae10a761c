package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.core.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PostgreSQL server dies at once, as in a crash, while clients append; then it comes back on the same data. */
class ServerKillTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int CALLERS = 24;

    @TempDir
    private static Path data;

    private static RestartablePostgres server;

    @BeforeAll
    static void start() throws Exception {
        server = RestartablePostgres.start(data);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void callersSeeNothingOfAShortOutage() throws Exception {
        kill("short_", StoreConfig.defaults().withWriteRetries(30), false);
    }

    @Test
    void callersLearnOfALongOutageAndMayCallAgain() throws Exception {
        kill("long_", StoreConfig.defaults().withWriteRetries(0), true);
    }

    private static void kill(String prefix, StoreConfig config, boolean untilCallersKnow) throws Exception {
        int rounds = KillRounds.STRESS ? 20 : 3;
        long seed = Long.getLong("reactivestore.seed", new Random().nextLong());
        Random random = new Random(seed);
        System.out.println("Killing a server, -Dreactivestore.seed=" + seed);
        R2dbcStore store = R2dbcStore.create(
                server.url(), R2dbcConfig.defaults().withTablePrefix(prefix).withStore(config));
        store.migrate().block(LIMIT);
        Audit audit = new Audit();
        int unavailable = 0;
        int entries = 0;
        for (int round = 0; round < rounds; round++) {
            RunningWorkload workload = new RunningWorkload(store, audit.lastTrace() + Audit.MARGIN, CALLERS);
            workload.awaitAcks(1 + random.nextInt(500));
            server.kill();
            if (untilCallersKnow) {
                workload.awaitUnavailable(CALLERS);
            }
            server.restart();
            workload.forgetAcks();
            workload.awaitAcks(CALLERS);
            workload.finish(audit);
            entries = audit.check(store);
            unavailable += workload.unavailable();
            assertThat(KillRounds.query(server.url(), "SELECT COUNT(*) FROM " + prefix + "journal")
                            .get(0))
                    .as("rows, found one by one or not")
                    .isEqualTo(entries);
            KillRounds.awaitNoConnections(store);
        }
        store.close().block(LIMIT);
        System.out.println(rounds + " kills of the server: " + audit.acks() + " acknowledgements, " + entries
                + " entries, " + unavailable + " calls repeated by callers");
        if (!untilCallersKnow) {
            assertThat(unavailable).as("calls that failed").isZero();
        }
    }
}
