package io.reactivestore.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** One part of what a run found: a page of Markdown, printed too, plots beside it, and the raw results as CSV. */
public final class Report {

    private final Path directory;
    private final String name;
    private final StringBuilder page = new StringBuilder();

    /** Begins a page. */
    public Report(Path directory, String name, String title) {
        this.directory = directory;
        this.name = name;
        page.append("# ").append(title).append("\n\n");
    }

    /** Adds a paragraph. */
    public void line(String text) {
        page.append(text).append("\n\n");
    }

    /** Adds a table under a heading. */
    public void table(String heading, Table table) {
        page.append("## ").append(heading).append("\n\n");
        page.append(table.markdown()).append('\n');
    }

    /** Writes a plot beside the page, and shows it there. */
    public void plot(String file, Plot plot) {
        plot.write(directory.resolve(file + ".svg"));
        page.append("![").append(file).append("](").append(file).append(".svg)\n\n");
    }

    /** Writes raw results beside the page, the head first. */
    public void csv(List<List<String>> rows) {
        csv(name, rows);
    }

    /** Writes raw results into a file of another name beside the page, the head first. */
    public void csv(String file, List<List<String>> rows) {
        write(
                file + ".csv",
                rows.stream()
                        .map(row -> row.stream()
                                .map(value -> value.contains(",") ? '"' + value.replace("\"", "\"\"") + '"' : value)
                                .collect(Collectors.joining(",")))
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    /** Writes the page, and prints it. */
    public void write() {
        System.out.println("\n" + page);
        write(name + ".md", page.toString());
    }

    private void write(String file, String text) {
        try {
            Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
