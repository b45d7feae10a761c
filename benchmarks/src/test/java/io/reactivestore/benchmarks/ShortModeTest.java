package io.reactivestore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.benchmarks.peers.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That the benchmarks run, whatever the figures are. */
@Timeout(600)
class ShortModeTest {

    @TempDir
    private Path directory;

    @Test
    void every_contender_runs_its_workflows_end_to_end_and_the_report_plots_and_raw_results_are_written()
            throws IOException {
        run("end-to-end", "--short", "--callers", "8", "--millis", "100");

        String page = Files.readString(directory.resolve("end-to-end.md"));
        assertThat(page).doesNotContain("could not run").contains("PostgreSQL", "fsync on", "CPUs");
        List<String> rows = Files.readAllLines(directory.resolve("end-to-end.csv"));
        List<Peer> peers =
                Stream.of(Peer.values()).filter(peer -> peer != Peer.RESTATE).toList();
        assertThat(rows).hasSize(1 + peers.size());
        for (Peer peer : peers) {
            assertThat(page).contains(peer.label() + ": " + peer.version());
            assertThat(rows).anySatisfy(row -> assertThat(row).contains(peer.label() + ","));
        }
        assertThat(Files.readString(directory.resolve("end-to-end-throughput-100.svg")))
                .contains("<svg", "<path");
    }

    @Test
    void every_way_to_append_runs_and_the_report_plots_and_raw_results_are_written() throws IOException {
        run("append", "--short", "--callers", "8", "--millis", "100");

        List<String> rows = Files.readAllLines(directory.resolve("append.csv"));
        assertThat(rows)
                .anySatisfy(row -> assertThat(row).startsWith("INSERT: r2dbc-pool,8,"))
                .anySatisfy(row -> assertThat(row).startsWith("INSERT: Spring Data save,8,"))
                .anySatisfy(row -> assertThat(row).startsWith("INSERT: JDBC,8,"))
                .anySatisfy(row -> assertThat(row).startsWith("Reactive Store,8,"))
                .anySatisfy(row -> assertThat(row).startsWith("limit: COPY,2x512,"));
        assertThat(rows.subList(1, rows.size()))
                .allSatisfy(
                        row -> assertThat(Double.parseDouble(row.split(",")[3])).isPositive());
        assertThat(directory.resolve("append.md")).content().contains("PostgreSQL", "fsync on");
        assertThat(directory.resolve("append-throughput.svg")).content().contains("<svg", "<path");
    }

    @Test
    void everything_grows_and_killed_traces_are_taken_over() throws IOException {
        run("growth", "--short", "--entries", "100,300");

        List<String> page = Files.readAllLines(directory.resolve("growth.md"));
        assertThat(page)
                .anySatisfy(row -> assertThat(row).startsWith("|     300 |"))
                .anySatisfy(row -> assertThat(row).startsWith("|   100 |"))
                .anySatisfy(row -> assertThat(row).startsWith("|     100 |"))
                .anySatisfy(row -> assertThat(row).startsWith("|     20 |"));
        assertThat(directory.resolve("growth-entries.svg")).content().contains("<svg", "<path");
        assertThat(directory.resolve("growth-killed.csv")).content().startsWith("traces,");
    }

    @Test
    void every_small_part_is_measured() throws IOException {
        run("micro", "--short");

        assertThat(directory.resolve("micro.json"))
                .content()
                .contains("micro.Append.append", "MEMORY", "H2", "POSTGRESQL")
                .contains("micro.GroupCommit.append", "4096")
                .contains("micro.Fold.load", "micro.ReplaySteps.replay", "gc.alloc.rate.norm");
    }

    private void run(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--out";
        all[args.length + 1] = directory.toString();
        Main.run(Options.parse(all));
    }
}
