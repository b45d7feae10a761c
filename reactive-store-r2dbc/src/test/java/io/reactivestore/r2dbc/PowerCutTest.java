package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The power fails under an H2 file: what was acknowledged had been forced to the disk, and the rest does not harm it. */
class PowerCutTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int CALLERS = 24;
    private static final int CUTS = 10;

    /** The state of the disk at one moment, and what had been acknowledged a moment before it. */
    private record Moment(PowerCutDisk.Cut cut, List<Ack> acks) {}

    @Test
    void acknowledgedEntriesSurviveALossOfPower(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("reactivestore.seed", new Random().nextLong());
        Random random = new Random(seed);
        System.out.println("Cutting the power, -Dreactivestore.seed=" + seed);
        int databases = KillRounds.STRESS ? 10 : 1;
        int entries = 0;
        int acks = 0;
        for (int i = 0; i < databases; i++) {
            for (Moment moment : cutAtRandom(Files.createTempDirectory(folder, "before"), random)) {
                Path afterwards = Files.createTempDirectory(folder, "after");
                moment.cut().restore(afterwards, random);
                Audit audit = new Audit();
                moment.acks().forEach(audit::add);
                R2dbcStore store = R2dbcStore.create("r2dbc:h2:file:///" + afterwards.resolve("store"));
                store.migrate().block(LIMIT);
                entries += audit.check(store);
                acks += audit.acks();
                store.close().block(LIMIT);
            }
        }
        System.out.println(databases * CUTS + " power cuts: " + acks + " acknowledgements, " + entries + " entries");
    }

    private static List<Moment> cutAtRandom(Path folder, Random random) {
        R2dbcStore store = R2dbcStore.create(PowerCutDisk.url(folder.resolve("store")));
        store.migrate().block(LIMIT);
        int forces = PowerCutDisk.forces();
        Workload workload = Workload.ofNewTraces(store, Workload.NEVER);
        Queue<Ack> acks = new ConcurrentLinkedQueue<>();
        List<Moment> moments = new ArrayList<>();
        workload.run(0, CALLERS)
                .doOnNext(ack -> {
                    acks.add(ack);
                    if (moments.size() == CUTS) {
                        workload.stop();
                    } else if (random.nextInt(40) == 0) {
                        List<Ack> before = List.copyOf(acks);
                        moments.add(new Moment(PowerCutDisk.cut(folder), before));
                    }
                })
                .blockLast(LIMIT);
        store.close().block(LIMIT);
        PowerCutDisk.forget(folder);
        assertThat(moments).hasSize(CUTS);
        assertThat(PowerCutDisk.forces()).as("H2 writes through this disk").isGreaterThan(forces);
        return moments;
    }
}
