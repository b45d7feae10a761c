package io.reactivestore.examples.onboarding;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Columns that line up; rows that no longer count are dimmed. */
final class Table {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private record Row(boolean faded, String[] cells) {}

    private final List<Row> rows = new ArrayList<>();
    private final int[] widths;

    Table(String... header) {
        this.widths = new int[header.length];
        row(false, header);
    }

    void row(boolean faded, String... cells) {
        for (int i = 0; i < cells.length; i++) {
            widths[i] = Math.max(widths[i], cells[i].length());
        }
        rows.add(new Row(faded, cells));
    }

    void printTo(Terminal terminal) {
        for (int i = 0; i < rows.size(); i++) {
            String line = line(rows.get(i).cells);
            terminal.line(i == 0 ? terminal.bold(line) : rows.get(i).faded ? terminal.dim(line) : line);
        }
    }

    private String line(String[] cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(cells[i]).append(" ".repeat(widths[i] - cells[i].length() + 2));
        }
        return line.toString().stripTrailing();
    }

    static String time(Instant at) {
        return TIME.format(at);
    }
}
