package io.reactivestore.benchmarks.endtoend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the turns gave: every round of every cell, what was counted while warming up, and who could not run, why. */
final class Results {

    private final Map<Cell, List<Map<Figure, Double>>> rounds = new LinkedHashMap<>();
    private final Map<Cell, Double> statements = new LinkedHashMap<>();
    private final Map<Cell, String> failures = new LinkedHashMap<>();

    void add(Cell cell, Map<Figure, Double> figures) {
        rounds.computeIfAbsent(cell, c -> new ArrayList<>()).add(figures);
    }

    void counted(Cell cell, double statementsPerStep) {
        statements.put(cell, statementsPerStep);
    }

    void failed(Cell cell, String why) {
        failures.putIfAbsent(cell, why);
        rounds.remove(cell);
    }

    boolean hasFailed(Cell cell) {
        return failures.containsKey(cell);
    }

    Map<Cell, String> failures() {
        return failures;
    }

    List<Map<Figure, Double>> rounds(Cell cell) {
        return rounds.getOrDefault(cell, List.of());
    }

    double median(Cell cell, Figure figure) {
        double[] sorted = sorted(cell, figure);
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Least to largest; statements were counted once. */
    double[] sorted(Cell cell, Figure figure) {
        if (figure == Figure.STATEMENTS_PER_STEP) {
            Double counted = statements.get(cell);
            return counted == null ? new double[0] : new double[] {counted};
        }
        return rounds(cell).stream()
                .mapToDouble(figures -> figures.getOrDefault(figure, Double.NaN))
                .sorted()
                .toArray();
    }
}
