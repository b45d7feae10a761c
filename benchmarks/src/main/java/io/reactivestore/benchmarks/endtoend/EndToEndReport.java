package io.reactivestore.benchmarks.endtoend;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.host.Disturbance;
import io.reactivestore.benchmarks.host.Machine;
import io.reactivestore.benchmarks.peers.Peer;
import io.reactivestore.benchmarks.report.Plot;
import io.reactivestore.benchmarks.report.Report;
import io.reactivestore.benchmarks.report.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes what a run gave: a table with ratios first, plots, and every turn as a line of a CSV file. */
final class EndToEndReport {

    private static final List<Figure> COLUMNS = List.of(
            Figure.STEPS_PER_CPU_SECOND,
            Figure.P50_MICROS,
            Figure.P99_MICROS,
            Figure.STATEMENTS_PER_STEP,
            Figure.COMMITS_PER_STEP,
            Figure.WAL_PER_STEP,
            Figure.BYTES_PER_STEP,
            Figure.PEAK_HEAP_MIB,
            Figure.THREADS,
            Figure.WORKFLOWS);

    private final Plan plan;
    private final Results results;
    private final Path directory;

    EndToEndReport(Plan plan, Results results, Path directory) {
        this.plan = plan;
        this.results = results;
        this.directory = directory;
    }

    void write(Disturbance disturbance, BenchmarkDatabase database) {
        Report report = new Report(directory, "end-to-end", "End to end: workflows of no-op steps");
        report.line(disturbance.describe());
        report.line("Machine: " + Machine.describe());
        report.line("Database: " + database.describe());
        report.line("Medians of " + plan.rounds() + " rounds; a turn has at least " + plan.least() + " workflows and "
                + plan.time().toMillis() + " ms; each process had run for "
                + plan.warmUp().toSeconds()
                + " s before the first.");
        for (Peer peer : plan.peers()) {
            report.line(peer.label() + ": " + peer.version());
        }
        Absent.reasons(plan).forEach((name, why) -> report.line(name + " is not in the table: " + why));
        results.failures()
                .forEach((cell, why) -> report.line(cell.peer().label() + " could not run " + cell.inFlight()
                        + " in flight with " + cell.payload() + " bytes: " + why));
        for (int payload : plan.payloads()) {
            report.table("Payloads of " + payload + " bytes", table(payload));
            appendsOfAStep(payload).ifPresent(report::line);
            plot(report, payload, Figure.STEPS_PER_SECOND, "steps a second", "throughput");
            plot(report, payload, Figure.P50_MICROS, "median time of a workflow in us", "latency-p50");
            plot(report, payload, Figure.P99_MICROS, "99th percentile of a workflow in us", "latency-p99");
        }
        report.csv(rows());
        report.write();
    }

    private Table table(int payload) {
        List<String> head = new ArrayList<>(
                List.of("in flight", "contender", "x DBOS", "x CPU", Figure.STEPS_PER_SECOND.title(), "(min to max)"));
        COLUMNS.forEach(figure -> head.add(figure.title()));
        Table table = new Table(head);
        for (int n : plan.inFlight()) {
            for (Peer peer : plan.peers()) {
                Cell cell = new Cell(peer, n, payload);
                double[] all = results.sorted(cell, Figure.STEPS_PER_SECOND);
                if (all.length == 0) {
                    continue;
                }
                List<String> row = new ArrayList<>(List.of(
                        String.valueOf(n),
                        peer.label(),
                        ratio(cell, Figure.STEPS_PER_SECOND),
                        ratio(cell, Figure.STEPS_PER_CPU_SECOND),
                        Figure.STEPS_PER_SECOND.text(results.median(cell, Figure.STEPS_PER_SECOND)),
                        Figure.STEPS_PER_SECOND.text(all[0]) + " to "
                                + Figure.STEPS_PER_SECOND.text(all[all.length - 1])));
                COLUMNS.forEach(figure -> row.add(figure.text(results.median(cell, figure))));
                table.row(row);
            }
        }
        return table;
    }

    /** What the engine adds to its store. */
    private Optional<String> appendsOfAStep(int payload) {
        List<String> costs = new ArrayList<>();
        for (int n : plan.inFlight()) {
            double steps = results.median(new Cell(Peer.ENGINE, n, payload), Figure.STEPS_PER_SECOND);
            double appends = results.median(new Cell(Peer.STORE, n, payload), Figure.STEPS_PER_SECOND);
            if (steps > 0 && appends > 0) {
                costs.add(String.format(Locale.ROOT, "%.2f at %d in flight", appends / steps, n));
            }
        }
        return costs.isEmpty()
                ? Optional.empty()
                : Optional.of("A step of Reactive Store's engine takes as long as so many appends of its store alone: "
                        + String.join(", ", costs) + ". It makes 1.2: ten steps have a start and an end.");
    }

    /** Only of workflows of as many steps. */
    private String ratio(Cell cell, Figure figure) {
        double other = results.median(cell.of(Peer.DBOS_TRANSACT), figure);
        return cell.peer().steps() != Peer.DBOS_TRANSACT.steps() || Double.isNaN(other)
                ? "-"
                : String.format(Locale.ROOT, "%.2f", results.median(cell, figure) / other);
    }

    private void plot(Report report, int payload, Figure figure, String unit, String name) {
        Plot plot = new Plot(unit + ", payloads of " + payload + " bytes", "workflows in flight", unit);
        for (Peer peer : plan.peers()) {
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (int n : plan.inFlight()) {
                double value = results.median(new Cell(peer, n, payload), figure);
                if (value > 0) {
                    x.add((double) n);
                    y.add(value);
                }
            }
            plot.line(peer.label(), x, y);
        }
        report.plot("end-to-end-" + name + "-" + payload, plot);
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("contender", "version", "in flight", "payload", "round"));
        for (Figure figure : Figure.values()) {
            head.add(figure.title());
        }
        rows.add(head);
        for (Cell cell : plan.cells()) {
            int round = 0;
            for (Map<Figure, Double> figures : results.rounds(cell)) {
                List<String> row = new ArrayList<>(List.of(
                        cell.peer().label(),
                        cell.peer().version(),
                        String.valueOf(cell.inFlight()),
                        String.valueOf(cell.payload()),
                        String.valueOf(++round)));
                for (Figure figure : Figure.values()) {
                    double value = figure == Figure.STATEMENTS_PER_STEP
                            ? results.median(cell, figure)
                            : figures.getOrDefault(figure, Double.NaN);
                    row.add(Double.isNaN(value) ? "" : String.valueOf(value));
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
