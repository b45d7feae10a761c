package io.reactivestore.benchmarks;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.host.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** All contenders in turn, round after round, on one database; then medians and ratios within the run. */
final class AppendBenchmark {

    private static final String BASELINE = "INSERT, r2dbc-pool";
    private static final int LIMIT_ROWS = 128;
    private static final int LIMIT_LARGE_ROWS = 512;
    /** All contenders alike; the compiler needs about ten seconds of a path on two CPUs. */
    private static final int WARM_UP_ROUNDS = 4;

    private static final Duration WARM_UP = Duration.ofMillis(400);
    private static final String[] TRUNCATE = {
        "TRUNCATE bench_single, bench_limit, bench_journal, bench_trace, bench_engine", "CHECKPOINT"
    };

    private record Cell(String name, int callers, Supplier<Contender> open) {}

    private record Run(
            double perSecond, double p50Micros, double p99Micros, double bytesPerAppend, double statementsPerAppend) {}

    private final BenchmarkDatabase database;
    private final int rounds;
    private final Duration time;
    private final List<Cell> cells = new ArrayList<>();
    private final Map<Cell, List<Run>> runs = new LinkedHashMap<>();

    AppendBenchmark(BenchmarkDatabase database, int rounds, Duration time, List<Integer> callers) {
        this.database = database;
        this.rounds = rounds;
        this.time = time;
        for (int n : callers) {
            cells.add(new Cell(BASELINE, n, () -> new SingleInsert.OverR2dbc(database)));
            cells.add(new Cell("INSERT, JDBC + HikariCP", n, () -> new SingleInsert.OverJdbc(database)));
            cells.add(new Cell("Reactive Store", n, () -> new StoreContender(database)));
            cells.add(new Cell("Reactive Engine, steps", n, () -> new EngineContender(database)));
        }
        for (int rows : List.of(LIMIT_ROWS, LIMIT_LARGE_ROWS)) {
            for (DatabaseLimit.Way way : DatabaseLimit.Way.values()) {
                cells.add(new Cell("limit: " + way, rows, () -> new DatabaseLimit(database, way, rows)));
            }
        }
    }

    void run() {
        System.out.println("Machine: " + Machine.describe());
        System.out.println("Database: " + database.text("SELECT version()") + ", fsync " + database.text("SHOW fsync")
                + ", synchronous_commit " + database.text("SHOW synchronous_commit"));
        new StoreContender(database).close();
        database.execute(SingleInsert.TABLE);
        database.execute(DatabaseLimit.TABLE);
        long stolen = Machine.stolenTicks();
        long start = System.nanoTime();
        for (int round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
            System.out.print(round <= 0 ? "warming up " : "round " + round + " ");
            for (int i = 0; i < cells.size(); i++) {
                // another first contender each round
                Cell cell = cells.get(Math.floorMod(i + round, cells.size()));
                Run run = measure(cell);
                if (round > 0) {
                    runs.computeIfAbsent(cell, c -> new ArrayList<>()).add(run);
                }
                System.out.print('.');
                System.out.flush();
            }
            System.out.println();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d rounds of %d ms each; the host took %.1f %% of the CPU time meanwhile.%n",
                rounds,
                time.toMillis(),
                (Machine.stolenTicks() - stolen)
                        / (seconds * Runtime.getRuntime().availableProcessors()));
        report();
    }

    private Run measure(Cell cell) {
        database.execute(TRUNCATE);
        long commits = commits();
        Load load = new Load();
        long allocated;
        try (Contender contender = cell.open().get()) {
            Thread driver = new Thread(() -> contender.append(cell.callers(), load), "driver");
            driver.start();
            Thread.sleep(WARM_UP.toMillis());
            long before = Machine.allocatedBytes();
            load.measure(time);
            allocated = Machine.allocatedBytes() - before;
            load.stop();
            driver.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Histogram latencies = load.latencies();
        return new Run(
                load.measured() * 1e9 / time.toNanos(),
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                (double) allocated / Math.max(1, load.measured()),
                // closed connections have reported all their commits; outside a transaction each statement is one
                (double) (commits() - commits) / Math.max(1, load.appended()));
    }

    private long commits() {
        return database.number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
    }

    private void report() {
        double limit = cells.stream()
                .filter(cell -> cell.name().startsWith("limit"))
                .mapToDouble(cell -> median(cell, Run::perSecond))
                .max()
                .orElse(Double.NaN);
        System.out.printf(
                Locale.ROOT,
                "%n%-26s %8s %10s %19s %10s %9s %9s %9s %10s %10s%n",
                "contender",
                "callers",
                "appends/s",
                "(min to max)",
                "x INSERT",
                "of limit",
                "p50 us",
                "p99 us",
                "bytes/app",
                "stmts/app");
        for (Cell cell : cells) {
            double perSecond = median(cell, Run::perSecond);
            double[] all = sorted(cell, Run::perSecond);
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %8s %10.0f %19s %10s %9.2f %9.0f %9.0f %10.0f %10.4f%n",
                    cell.name(),
                    cell.name().startsWith("limit") ? "2x" + cell.callers() : cell.callers(),
                    perSecond,
                    String.format(Locale.ROOT, "%.0f to %.0f", all[0], all[all.length - 1]),
                    timesInsert(cell, perSecond),
                    perSecond / limit,
                    median(cell, Run::p50Micros),
                    median(cell, Run::p99Micros),
                    median(cell, Run::bytesPerAppend),
                    median(cell, Run::statementsPerAppend));
        }
    }

    private String timesInsert(Cell cell, double perSecond) {
        return cells.stream()
                .filter(other -> other.name().equals(BASELINE)
                        && other.callers() == cell.callers()
                        && !cell.name().startsWith("limit"))
                .map(other -> String.format(Locale.ROOT, "%.2f", perSecond / median(other, Run::perSecond)))
                .findFirst()
                .orElse("-");
    }

    private double median(Cell cell, ToDoubleFunction<Run> figure) {
        double[] sorted = sorted(cell, figure);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private double[] sorted(Cell cell, ToDoubleFunction<Run> figure) {
        return Objects.requireNonNull(runs.get(cell)).stream()
                .mapToDouble(figure)
                .sorted()
                .toArray();
    }
}
