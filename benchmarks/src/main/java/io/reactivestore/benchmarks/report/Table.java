package io.reactivestore.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Rows of text, aligned so that they read well in a terminal and are a table in Markdown. */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /** Begins a table with its head. */
    public Table(List<String> head) {
        rows.add(List.copyOf(head));
    }

    /** Adds a row, as long as the head. */
    public void row(List<String> row) {
        if (row.size() != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    "a row of " + row.size() + " under a head of " + rows.get(0).size());
        }
        rows.add(List.copyOf(row));
    }

    /** The numbers of a column. */
    public List<Double> column(String head) {
        int column = rows.get(0).indexOf(head);
        return rows.stream().skip(1).map(row -> Double.valueOf(row.get(column))).toList();
    }

    /** The head and the rows. */
    public List<List<String>> rows() {
        return List.copyOf(rows);
    }

    /** The table as Markdown. */
    public String markdown() {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < columns; i++) {
                text.append("| ")
                        .append(" ".repeat(widths[i] - rows.get(r).get(i).length()))
                        .append(rows.get(r).get(i))
                        .append(' ');
            }
            text.append("|\n");
            if (r == 0) {
                for (int width : widths) {
                    text.append('|').append("-".repeat(width + 1)).append(':');
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
