package io.reactivestore.benchmarks.append;

import io.reactivestore.benchmarks.append.AppendResults.Cell;
import io.reactivestore.benchmarks.append.AppendResults.Run;
import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.host.Disturbance;
import io.reactivestore.benchmarks.host.Machine;
import io.reactivestore.benchmarks.host.VirtualThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** All contenders in turn, round after round, on one database; then medians and ratios within the run. */
public final class AppendBenchmark {

    private static final String BASELINE = "INSERT: r2dbc-pool";
    private static final int LIMIT_ROWS = 128;
    private static final int LIMIT_LARGE_ROWS = 512;

    private static final String[] TRUNCATE = {
        "TRUNCATE bench_single, bench_spring, bench_limit, bench_journal, bench_trace, bench_engine", "CHECKPOINT"
    };

    private final BenchmarkDatabase database;
    private final int warmUpRounds;
    private final int rounds;
    private final Duration time;
    private final List<Cell> cells = new ArrayList<>();
    private final AppendResults results = new AppendResults();

    /**
     * Makes a run.
     *
     * @param database where all append
     * @param warmUpRounds for all alike; the compiler needs about ten seconds of a path on two CPUs
     * @param rounds measured rounds
     * @param time how long each turn is measured
     * @param callers the numbers of callers
     */
    public AppendBenchmark(
            BenchmarkDatabase database, int warmUpRounds, int rounds, Duration time, List<Integer> callers) {
        this.database = database;
        this.warmUpRounds = warmUpRounds;
        this.rounds = rounds;
        this.time = time;
        for (int n : callers) {
            cells.add(new Cell(BASELINE, n, () -> new SingleInsert.OverR2dbc(database)));
            cells.add(new Cell("INSERT: Spring Data save", n, () -> new SpringDataSave(database)));
            cells.add(new Cell("INSERT: JDBC", n, () -> SingleInsert.OverJdbc.onPlatformThreads(database)));
            if (VirtualThreads.factory() != null) {
                cells.add(new Cell("INSERT: JDBC virtual", n, () -> SingleInsert.OverJdbc.onVirtualThreads(database)));
            }
            cells.add(new Cell("Reactive Store", n, () -> new StoreContender(database)));
            cells.add(new Cell("Reactive Engine: steps", n, () -> new EngineContender(database)));
        }
        for (int rows : List.of(LIMIT_ROWS, LIMIT_LARGE_ROWS)) {
            for (DatabaseLimit.Way way : DatabaseLimit.Way.values()) {
                cells.add(new Cell("limit: " + way, rows, () -> new DatabaseLimit(database, way, rows)));
            }
        }
    }

    /** Runs, and writes the report into a directory. Blocks. */
    public void run(Disturbance disturbance, Path directory) {
        new StoreContender(database).close();
        database.execute(SingleInsert.TABLE);
        database.execute(SpringDataSave.TABLE);
        database.execute(DatabaseLimit.TABLE);
        for (int round = 1 - warmUpRounds; round <= rounds; round++) {
            System.out.print(round <= 0 ? "append: warming up " : "append: round " + round + " ");
            for (int i = 0; i < cells.size(); i++) {
                // another first contender each round
                Cell cell = cells.get(Math.floorMod(i + round, cells.size()));
                disturbance.check();
                Run run = measure(cell);
                if (round > 0) {
                    results.add(cell, run);
                }
                System.out.print('.');
                System.out.flush();
            }
            System.out.println();
        }
        List<String> lines = new ArrayList<>(List.of(
                disturbance.describe(),
                "Machine: " + Machine.describe(),
                "Database: " + database.describe(),
                "Medians of " + rounds + " rounds of " + time.toMillis() + " ms for each, after " + warmUpRounds
                        + " rounds that are not measured."));
        if (VirtualThreads.factory() == null) {
            lines.add("JDBC on virtual threads is not in the table: this Java has none. Run it on Java 21 or later.");
        }
        new AppendReport(BASELINE, cells, results).write(directory, lines);
    }

    private Run measure(Cell cell) {
        database.execute(TRUNCATE);
        long commits = commits();
        Load load = new Load();
        long allocated;
        double seconds;
        try (Contender contender = cell.open().get()) {
            Thread driver = new Thread(() -> contender.append(cell.callers(), load), "driver");
            driver.start();
            Thread.sleep(time.toMillis() * 2 / 5);
            long before = Machine.allocatedBytes();
            seconds = load.measure(time);
            allocated = Machine.allocatedBytes() - before;
            load.stop();
            driver.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Histogram latencies = load.latencies();
        return new Run(
                load.measured() / seconds,
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                (double) allocated / Math.max(1, load.measured()),
                // closed connections have reported all their commits; outside a transaction each statement is one
                (double) (commits() - commits) / Math.max(1, load.appended()));
    }

    private long commits() {
        return database.number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
    }
}
