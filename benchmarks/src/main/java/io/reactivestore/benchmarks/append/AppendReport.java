package io.reactivestore.benchmarks.append;

import io.reactivestore.benchmarks.append.AppendResults.Cell;
import io.reactivestore.benchmarks.append.AppendResults.Run;
import io.reactivestore.benchmarks.report.Plot;
import io.reactivestore.benchmarks.report.Report;
import io.reactivestore.benchmarks.report.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Writes what the contenders did: ratios first, plots, and every run as a line of a CSV file. */
final class AppendReport {

    private final String baseline;
    private final List<Cell> cells;
    private final AppendResults results;

    AppendReport(String baseline, List<Cell> cells, AppendResults results) {
        this.baseline = baseline;
        this.cells = cells;
        this.results = results;
    }

    void write(Path directory, List<String> lines) {
        Report report = new Report(directory, "append", "Append: one entry at a time");
        lines.forEach(report::line);
        report.table("Appends", table());
        report.plot("append-throughput", plot("appends a second", Run::perSecond));
        report.plot("append-latency-p50", plot("median time of an append in us", Run::p50Micros));
        report.plot("append-latency-p99", plot("99th percentile of an append in us", Run::p99Micros));
        report.csv(rows());
        report.write();
    }

    private Table table() {
        double limit = cells.stream()
                .filter(Cell::isLimit)
                .mapToDouble(cell -> results.median(cell, Run::perSecond))
                .max()
                .orElse(Double.NaN);
        Table table = new Table(List.of(
                "callers",
                "contender",
                "x INSERT",
                "of limit",
                "appends/s",
                "(min to max)",
                "p50 us",
                "p99 us",
                "bytes/app",
                "stmts/app"));
        for (Cell cell : cells) {
            double perSecond = results.median(cell, Run::perSecond);
            double[] all = results.sorted(cell, Run::perSecond);
            table.row(List.of(
                    cell.load(),
                    cell.name(),
                    timesInsert(cell, perSecond),
                    text("%.2f", perSecond / limit),
                    text("%.0f", perSecond),
                    text("%.0f to %.0f", all[0], all[all.length - 1]),
                    text("%.0f", results.median(cell, Run::p50Micros)),
                    text("%.0f", results.median(cell, Run::p99Micros)),
                    text("%.0f", results.median(cell, Run::bytesPerAppend)),
                    text("%.4f", results.median(cell, Run::statementsPerAppend))));
        }
        return table;
    }

    private String timesInsert(Cell cell, double perSecond) {
        return cells.stream()
                .filter(other -> other.name().equals(baseline) && other.callers() == cell.callers() && !cell.isLimit())
                .map(other -> text("%.2f", perSecond / results.median(other, Run::perSecond)))
                .findFirst()
                .orElse("-");
    }

    private Plot plot(String unit, ToDoubleFunction<Run> figure) {
        Map<String, List<Cell>> lines = new LinkedHashMap<>();
        cells.stream()
                .filter(cell -> !cell.isLimit())
                .forEach(cell -> lines.computeIfAbsent(cell.name(), name -> new ArrayList<>())
                        .add(cell));
        Plot plot = new Plot(unit, "callers", unit);
        lines.forEach((name, line) -> plot.line(
                name,
                line.stream().map(cell -> (double) cell.callers()).toList(),
                line.stream().map(cell -> results.median(cell, figure)).toList()));
        return plot;
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "contender", "callers", "round", "appends/s", "p50 us", "p99 us", "bytes/append", "statements/append"));
        for (Cell cell : cells) {
            int round = 0;
            for (Run run : results.of(cell)) {
                rows.add(List.of(
                        cell.name(),
                        cell.load(),
                        String.valueOf(++round),
                        String.valueOf(run.perSecond()),
                        String.valueOf(run.p50Micros()),
                        String.valueOf(run.p99Micros()),
                        String.valueOf(run.bytesPerAppend()),
                        String.valueOf(run.statementsPerAppend())));
            }
        }
        return rows;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
