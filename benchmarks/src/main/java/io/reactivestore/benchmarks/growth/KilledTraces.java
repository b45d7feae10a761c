package io.reactivestore.benchmarks.growth;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.report.Table;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.r2dbc.R2dbcStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A process with many traces is killed with SIGKILL; another one, with the defaults, takes them over. */
final class KilledTraces {

    private final BenchmarkDatabase database;
    private final R2dbcStore store;
    private final Heads heads;

    KilledTraces(BenchmarkDatabase database, R2dbcStore store, Heads heads) {
        this.database = database;
        this.store = store;
        this.heads = heads;
    }

    Table run(int traces) {
        try {
            Path file = Files.createTempFile("steps", ".txt");
            try {
                kill(traces, file);
                return takeOver(traces, Set.copyOf(Files.readAllLines(file)));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void kill(int traces, Path file) throws IOException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        database.r2dbcUrl(),
                        heads.schema(),
                        file.toString(),
                        String.valueOf(traces))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long half = (long) traces * Victim.STEPS / 2;
        Heads.await(() -> lines(file) >= half || !victim.isAlive());
        victim.destroyForcibly();
        try {
            victim.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Table takeOver(int traces, Set<String> before) {
        Set<String> after = ConcurrentHashMap.newKeySet();
        AtomicLong first = new AtomicLong();
        long start = System.nanoTime();
        long open = heads.count("status <= 1");
        DurableEngine engine = DurableEngine.builder(store)
                .register(Victim.workflow(step -> {
                    first.compareAndSet(0, System.nanoTime());
                    after.add(step);
                }))
                .build();
        try {
            heads.awaitEnded(heads.count("true"));
        } finally {
            engine.close().block();
        }
        Set<String> twice = new HashSet<>(after);
        twice.retainAll(before);
        Table table = new Table(List.of(
                "traces", "killed alive", "steps before", "steps after", "run twice", "first step s", "last end s"));
        table.row(List.of(
                String.valueOf(traces),
                String.valueOf(open),
                String.valueOf(before.size()),
                String.valueOf(after.size()),
                String.valueOf(twice.size()),
                String.format(Locale.ROOT, "%.2f", Math.max(0, first.get() - start) / 1e9),
                String.format(Locale.ROOT, "%.2f", (System.nanoTime() - start) / 1e9)));
        return table;
    }
}
