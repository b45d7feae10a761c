package io.reactivestore.benchmarks.endtoend;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.host.DatabaseMeter;
import io.reactivestore.benchmarks.host.Disturbance;
import io.reactivestore.benchmarks.peers.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs all contenders in turn, each in its own process, on one database, round after round: of each number in flight one after
 * the other, another one first each round. Only the one whose turn it is is open. A round before the first is not measured; in
 * it the database counts statements.
 */
public final class EndToEndBenchmark {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int WARM_UP_IN_FLIGHT = 256;
    private static final double MIB = 1024 * 1024;

    private final BenchmarkDatabase database;
    private final Plan plan;
    private final boolean recordFlights;
    private final Path directory;
    private final Results results = new Results();
    private final Map<Peer, WorkerProcess> workers = new EnumMap<>(Peer.class);

    /**
     * Makes a run.
     *
     * @param database where all but those without it keep their data
     * @param plan how much to measure
     * @param directory where the report and what it consists of are written
     * @param recordFlights whether each process is profiled by JFR, which costs it a little
     */
    public EndToEndBenchmark(BenchmarkDatabase database, Plan plan, Path directory, boolean recordFlights) {
        this.database = database;
        this.recordFlights = recordFlights;
        this.plan = plan;
        this.directory = directory;
    }

    /** Runs, and writes the report. Blocks. */
    public void run(Disturbance disturbance) {
        try (DatabaseMeter meter = new DatabaseMeter(database)) {
            meter.countStatements(true);
            round(0, meter, disturbance);
            meter.countStatements(false);
            for (int round = 1; round <= plan.rounds(); round++) {
                round(round, meter, disturbance);
            }
        } finally {
            workers.values().forEach(WorkerProcess::close);
        }
        new EndToEndReport(plan, results, directory).write(disturbance, database);
    }

    private void round(int round, DatabaseMeter meter, Disturbance disturbance) {
        System.out.print(round == 0 ? "end to end: warming up " : "end to end: round " + round + " ");
        List<Cell> cells = plan.cells();
        int contenders = plan.peers().size();
        for (int i = 0; i < cells.size(); i++) {
            int group = i / contenders * contenders;
            Cell cell = cells.get(group + (i + round) % contenders);
            if (!results.hasFailed(cell)) {
                disturbance.check();
                try {
                    turn(cell, round, meter);
                } catch (WorkerProcess.Failure e) {
                    results.failed(cell, e.getMessage() + " (round " + round + ")");
                    // what it left half-done must not meet the next turn
                    Objects.requireNonNull(workers.remove(cell.peer())).close();
                }
            }
            System.out.print('.');
            System.out.flush();
        }
        System.out.println();
    }

    private void turn(Cell cell, int round, DatabaseMeter meter) throws WorkerProcess.Failure {
        WorkerProcess worker = workers.get(cell.peer());
        if (worker == null) {
            worker = new WorkerProcess(cell.peer(), database, directory, recordFlights);
            workers.put(cell.peer(), worker);
            warmUp(worker, cell);
        }
        database.freshSchema(cell.peer().schema());
        worker.ask("open " + cell.payload(), PATIENCE);
        // connections, statements and tables are new with every turn
        run(worker, cell, cell.inFlight(), plan.time().dividedBy(3));
        DatabaseMeter.Books before = meter.read();
        String[] done = run(worker, cell, round == 0 ? cell.inFlight() : plan.least(), plan.time());
        DatabaseMeter.Books after = meter.read();
        worker.ask("close", PATIENCE);
        Map<Figure, Double> figures = figures(cell.peer(), done, before, after);
        if (round > 0) {
            results.add(cell, figures);
        } else if (cell.peer().isOnPostgres() && meter.countsStatements()) {
            results.counted(
                    cell, (after.statements() - before.statements()) / Math.max(1, Double.parseDouble(done[2])));
        }
    }

    /** Code is compiled on the CPUs that it runs on, which takes a while. */
    private void warmUp(WorkerProcess worker, Cell cell) throws WorkerProcess.Failure {
        database.freshSchema(cell.peer().schema());
        worker.ask("open " + cell.payload(), PATIENCE);
        long millis = plan.warmUp().toMillis();
        worker.ask(
                "run " + WARM_UP_IN_FLIGHT + " 1 " + millis + " " + millis,
                plan.warmUp().plus(PATIENCE));
        worker.ask("close", PATIENCE);
    }

    private String[] run(WorkerProcess worker, Cell cell, int least, Duration time) throws WorkerProcess.Failure {
        return worker.ask(
                "run " + cell.inFlight() + " " + least + " " + time.toMillis() + " "
                        + plan.limit().toMillis(),
                plan.limit().plus(PATIENCE));
    }

    private static Map<Figure, Double> figures(
            Peer peer, String[] done, DatabaseMeter.Books before, DatabaseMeter.Books after) {
        double steps = Double.parseDouble(done[2]);
        double cpu = Double.parseDouble(done[6]);
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.WORKFLOWS, Double.valueOf(done[1]));
        figures.put(Figure.STEPS_PER_SECOND, steps / Double.parseDouble(done[3]));
        figures.put(Figure.P50_MICROS, Double.valueOf(done[4]));
        figures.put(Figure.P99_MICROS, Double.valueOf(done[5]));
        figures.put(Figure.BYTES_PER_STEP, Double.parseDouble(done[7]) / steps);
        figures.put(Figure.PEAK_HEAP_MIB, Double.parseDouble(done[8]) / MIB);
        figures.put(Figure.THREADS, Double.valueOf(done[9]));
        if (peer.isOnPostgres()) {
            cpu += after.cpuSeconds() - before.cpuSeconds();
            figures.put(Figure.COMMITS_PER_STEP, (after.commits() - before.commits()) / steps);
            figures.put(Figure.WAL_PER_STEP, (after.walBytes() - before.walBytes()) / steps);
        }
        figures.put(Figure.STEPS_PER_CPU_SECOND, steps / cpu);
        return figures;
    }
}
