package io.reactivestore.benchmarks;

import io.reactivestore.benchmarks.append.AppendBenchmark;
import io.reactivestore.benchmarks.endtoend.EndToEndBenchmark;
import io.reactivestore.benchmarks.endtoend.Plan;
import io.reactivestore.benchmarks.growth.GrowthBenchmark;
import io.reactivestore.benchmarks.growth.GrowthBenchmark.Sizes;
import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.host.Disturbance;
import io.reactivestore.benchmarks.micro.MicroBenchmark;
import io.reactivestore.benchmarks.peers.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/** The command line. */
public final class Main {

    private static final String USAGE = """
            usage: benchmarks COMMAND [OPTION ...]

              append      one append at a time by 1 to 1024 callers, against single INSERTs and the database's own limit
              end-to-end  workflows of ten steps, 1 to 1024 at a time, against the peers
              micro       an append by each adapter, the fold of a journal, replay, group commit (JMH)
              growth      a journal, a trace, and numbers of waiting and of killed traces that grow
              all         all of these, as the tables of the README were made

              --short       a look that takes two minutes for all; its figures mean nothing
              --out DIR     where reports, plots and raw results go (default target/benchmarks)
              --rounds N    how often every contender runs, in turn
              --millis N    append, end-to-end: how long each run is measured, at least
              --callers N,N the numbers of callers, or of workflows in flight
              --payloads N,N  end-to-end: bytes of each step
              --peers A,B   end-to-end: only these, by the names of the enum Peer
              --jfr         end-to-end: profile each contender's process; the recordings lie beside the report
              --restate FILE  end-to-end: the binary of restate-server; needs a build with -Prestate
              --entries N,N growth: sizes of the journal (default 10000,1000000)

            The database is the one that REACTIVE_STORE_POSTGRES_URL names (r2dbc:postgresql://user:password@host/database),
            else a PostgreSQL started for the run from its own binaries, with fsync and synchronous_commit on.""";

    private Main() {}

    /**
     * Runs a benchmark.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(start(args));
    }

    private static int start(String... args) {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n\n" + USAGE);
            return 2;
        }
        run(options);
        return 0;
    }

    static void run(Options options) {
        try {
            Files.createDirectories(options.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (BenchmarkDatabase database = BenchmarkDatabase.open();
                Disturbance disturbance = new Disturbance()) {
            if (options.includes("append")) {
                new AppendBenchmark(
                                database, options.warmUpRounds(), options.rounds(), options.time(), options.callers())
                        .run(disturbance, options.directory());
            }
            if (options.includes("end-to-end")) {
                new EndToEndBenchmark(database, plan(options), options.directory(), options.isGiven("--jfr"))
                        .run(disturbance);
            }
            if (options.includes("micro")) {
                new MicroBenchmark(database, options.directory()).run(options.isShort());
            }
            if (options.includes("growth")) {
                new GrowthBenchmark(database, sizes(options), options.directory()).run(disturbance);
            }
        }
    }

    private static Sizes sizes(Options options) {
        Sizes sizes = options.isShort() ? Sizes.brief() : Sizes.full();
        return options.isGiven("--entries") ? sizes.withEntries(options.entries()) : sizes;
    }

    private static Plan plan(Options options) {
        Plan plan = options.isShort() ? Plan.brief() : Plan.full();
        if (options.isGiven("--restate")) {
            System.setProperty(Peer.RESTATE_SERVER, options.restate());
            plan = plan.withPeers(List.of(Peer.values()));
        }
        if (options.isGiven("--peers")) {
            plan = plan.withPeers(options.peers());
        }
        if (options.isGiven("--callers")) {
            plan = plan.withInFlight(options.callers());
        }
        if (options.isGiven("--payloads")) {
            plan = plan.withPayloads(options.payloads());
        }
        if (options.isGiven("--millis")) {
            plan = plan.withTime(options.time());
        }
        return options.isGiven("--rounds") ? plan.withRounds(options.rounds()) : plan;
    }
}
