package io.reactivestore.benchmarks.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What others took from the machine during a run: the host from its virtual CPUs, other processes on it, and pauses in which
 * nothing ran at all. Told at the top of the report.
 */
public final class Disturbance implements AutoCloseable {

    private static final long PROBE_MILLIS = 5;
    private static final long FROZEN_MILLIS = 250;
    private static final int LOOP = 2_000_000;
    private static final double LARGEST_STEAL = 0.01;
    private static final double LEAST_SPEED = 0.85;
    private static final int CROWD = 2;

    private final Thread probe = new Thread(this::probe, "disturbance-probe");
    private final long stolenBefore = Machine.stolenTicks();
    private final long start = System.nanoTime();
    private volatile boolean running = true;
    private volatile long longestGapMillis;
    private volatile int frozen;
    private double fastest = Double.MAX_VALUE;
    private int checks;
    private int slow;
    private double slowest = 1;
    private int crowded;

    /** Begins to watch. */
    public Disturbance() {
        probe.setDaemon(true);
        probe.setPriority(Thread.MAX_PRIORITY);
        probe.start();
    }

    /**
     * Looks at the quiet machine between two turns: how fast a fixed loop is, against the fastest so far, and how many other
     * processes want to run.
     */
    public void check() {
        double time = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            time = Math.min(time, loop());
        }
        fastest = Math.min(fastest, time);
        double speed = fastest / time;
        checks++;
        slowest = Math.min(slowest, speed);
        if (speed < LEAST_SPEED) {
            slow++;
        }
        if (runnable() - 1 >= CROWD) {
            crowded++;
        }
    }

    private static double loop() {
        long begin = System.nanoTime();
        long x = begin;
        for (int i = 0; i < LOOP; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        // a result nobody knows, so that the loop is not optimized away
        return System.nanoTime() - begin + (x == 42 ? 1 : 0);
    }

    private void probe() {
        long last = System.nanoTime();
        while (running) {
            try {
                Thread.sleep(PROBE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            long gap = (now - last) / 1_000_000 - PROBE_MILLIS;
            longestGapMillis = Math.max(longestGapMillis, gap);
            if (gap > FROZEN_MILLIS) {
                frozen = frozen + 1;
            }
            last = now;
        }
    }

    private static int runnable() {
        try {
            return Integer.parseInt(
                    Files.readString(Path.of("/proc/loadavg")).split(" ")[3].split("/")[0]);
        } catch (IOException | RuntimeException e) {
            return 1;
        }
    }

    private double stolen() {
        double ticks = (System.nanoTime() - start) / 1e7 * Runtime.getRuntime().availableProcessors();
        return (Machine.stolenTicks() - stolenBefore) / ticks;
    }

    /** Says whether the figures of the run are to be trusted. */
    public boolean isDisturbed() {
        return stolen() > LARGEST_STEAL || slow * 20 > checks || crowded * 5 > checks || frozen > 0;
    }

    /** One line for the top of the report. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s: the host took %.1f %% of the CPU time; between the turns the CPU was down to %.2f of its best speed (below"
                        + " %.2f in %d of %d looks), %d or more other threads wanted to run in %d looks; the longest pause of"
                        + " a thread that only sleeps was %d ms, %d were above %d ms.",
                isDisturbed() ? "THE MACHINE WAS DISTURBED, do not trust these figures" : "The machine was quiet",
                stolen() * 100,
                slowest,
                LEAST_SPEED,
                slow,
                checks,
                CROWD,
                crowded,
                longestGapMillis,
                frozen,
                FROZEN_MILLIS);
    }

    @Override
    public void close() {
        running = false;
        probe.interrupt();
    }
}
