package io.reactivestore.benchmarks;

import java.time.Duration;
import java.util.List;

/** The command line: {@code append [--rounds N] [--millis N] [--callers N,N,...]}. */
public final class Main {

    private static final String USAGE = """
            usage: benchmarks append [--rounds N] [--millis N] [--callers N,N,...]

              append    one append at a time by 1 to 1024 callers, against single INSERTs and the database's own limit

              --rounds  how often every contender runs, in turn (default 5)
              --millis  how long each run is measured (default 1000)
              --callers the numbers of callers (default 1,16,64,256,1024)

            The database is the one that REACTIVE_STORE_POSTGRES_URL names (r2dbc:postgresql://user:password@host/database),
            else a PostgreSQL started for the run from its own binaries, with fsync and synchronous_commit on.""";

    private Main() {}

    /**
     * Runs a benchmark.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        if (args.length == 0 || !args[0].equals("append")) {
            System.err.println(USAGE);
            System.exit(2);
        }
        int rounds = 5;
        Duration time = Duration.ofMillis(1_000);
        List<Integer> callers = List.of(1, 16, 64, 256, 1024);
        for (int i = 1; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--rounds" -> rounds = Integer.parseInt(args[i + 1]);
                case "--millis" -> time = Duration.ofMillis(Long.parseLong(args[i + 1]));
                case "--callers" ->
                    callers = List.of(args[i + 1].split(",")).stream()
                            .map(Integer::valueOf)
                            .toList();
                default -> {
                    System.err.println(USAGE);
                    System.exit(2);
                }
            }
        }
        try (BenchmarkDatabase database = BenchmarkDatabase.open()) {
            new AppendBenchmark(database, rounds, time, callers).run();
        }
        System.exit(0);
    }
}
