package io.reactivestore.benchmarks.append;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What the runs of the contenders gave. */
final class AppendResults {

    /** One place in the table. */
    record Cell(String name, int callers, Supplier<Contender> open) {

        boolean isLimit() {
            return name.startsWith("limit");
        }

        /** The callers, or the connections and the rows of each. */
        String load() {
            return isLimit() ? "2x" + callers : String.valueOf(callers);
        }
    }

    /** What one run was measured to do. */
    record Run(
            double perSecond, double p50Micros, double p99Micros, double bytesPerAppend, double statementsPerAppend) {}

    private final Map<Cell, List<Run>> runs = new LinkedHashMap<>();

    void add(Cell cell, Run run) {
        runs.computeIfAbsent(cell, c -> new ArrayList<>()).add(run);
    }

    List<Run> of(Cell cell) {
        return runs.getOrDefault(cell, List.of());
    }

    double median(Cell cell, ToDoubleFunction<Run> figure) {
        double[] sorted = sorted(cell, figure);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double[] sorted(Cell cell, ToDoubleFunction<Run> figure) {
        return of(cell).stream().mapToDouble(figure).sorted().toArray();
    }
}
