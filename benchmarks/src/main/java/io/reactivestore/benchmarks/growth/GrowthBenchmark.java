package io.reactivestore.benchmarks.growth;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.host.Disturbance;
import io.reactivestore.benchmarks.host.Machine;
import io.reactivestore.benchmarks.report.Plot;
import io.reactivestore.benchmarks.report.Report;
import io.reactivestore.benchmarks.report.Table;
import io.reactivestore.r2dbc.R2dbcConfig;
import io.reactivestore.r2dbc.R2dbcStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/** Runs the growth of everything, each in an empty schema, and writes the report. */
public final class GrowthBenchmark {

    private static final String SCHEMA = "bench_growth";

    /**
     * How far to grow.
     *
     * @param entries of the journal, rising
     * @param steps of one trace, rising
     * @param waiting traces that wait, rising
     * @param killed traces that are killed
     * @param time of each measurement
     */
    public record Sizes(List<Long> entries, List<Integer> steps, List<Integer> waiting, int killed, Duration time) {

        /** What the README shows. */
        public static Sizes full() {
            return new Sizes(
                    List.of(10_000L, 1_000_000L),
                    List.of(10, 100, 1_000, 10_000),
                    List.of(1, 100, 10_000, 100_000),
                    1_000,
                    Duration.ofSeconds(2));
        }

        /** Enough to see that it works. */
        public static Sizes brief() {
            return new Sizes(List.of(1_000L, 5_000L), List.of(10, 100), List.of(1, 100), 20, Duration.ofMillis(200));
        }

        /** A copy with other sizes of the journal. */
        public Sizes withEntries(List<Long> entries) {
            return new Sizes(entries, steps, waiting, killed, time);
        }
    }

    private final BenchmarkDatabase database;
    private final Sizes sizes;
    private final Path directory;

    /** Makes a run that writes its report into a directory. */
    public GrowthBenchmark(BenchmarkDatabase database, Sizes sizes, Path directory) {
        this.database = database;
        this.sizes = sizes;
        this.directory = directory;
    }

    /** Runs, and writes the report. Blocks. */
    public void run(Disturbance disturbance) {
        Table entries =
                inFreshSchema(disturbance, (store, heads) -> new StoreGrowth(store, sizes.time()).run(sizes.entries()));
        Table steps = inFreshSchema(
                disturbance, (store, heads) -> new TraceGrowth(store, heads, sizes.time()).run(sizes.steps()));
        Table waiting = inFreshSchema(
                disturbance, (store, heads) -> new WaitingGrowth(store, heads, sizes.time()).run(sizes.waiting()));
        Table killed = inFreshSchema(
                disturbance, (store, heads) -> new KilledTraces(database, store, heads).run(sizes.killed()));
        Report report = new Report(directory, "growth", "Growth");
        report.line(disturbance.describe());
        report.line("Machine: " + Machine.describe());
        report.line("Database: " + database.describe());
        report.table("A journal of more entries, in traces of ten steps", entries);
        report.table("One trace of more steps, which then waits, is looked at and taken up again", steps);
        report.table("More traces that wait for a person", waiting);
        report.table("Traces whose process was killed, and the process that took them over", killed);
        report.line(
                "Of the seconds to the first step, up to ten are the default time after which a silent engine's traces"
                        + " are taken over (EngineBuilder.heartbeat).");
        report.plot("growth-entries", plot(entries));
        report.csv("growth-entries", entries.rows());
        report.csv("growth-steps", steps.rows());
        report.csv("growth-waiting", waiting.rows());
        report.csv("growth-killed", killed.rows());
        report.write();
    }

    private static Plot plot(Table entries) {
        Plot plot = new Plot("median times as the journal grows", "entries", "us");
        for (String column : List.of("append p50 us", "load p50 us", "resume p50 us")) {
            plot.line(column, entries.column("entries"), entries.column(column));
        }
        return plot;
    }

    private Table inFreshSchema(Disturbance disturbance, BiFunction<R2dbcStore, Heads, Table> part) {
        disturbance.check();
        database.freshSchema(SCHEMA);
        R2dbcStore store =
                R2dbcStore.create(database.r2dbcUrl(), R2dbcConfig.defaults().withSchema(SCHEMA));
        try {
            store.migrate().block();
            return part.apply(store, new Heads(database, SCHEMA));
        } finally {
            store.close().block();
            database.execute("DROP SCHEMA " + SCHEMA + " CASCADE");
            System.out.println("growth: one part of four done");
        }
    }
}
