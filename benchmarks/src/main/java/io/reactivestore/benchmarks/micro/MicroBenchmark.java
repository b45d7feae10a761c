package io.reactivestore.benchmarks.micro;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.benchmarks.host.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs what JMH measures, with the bytes each call allocates; the results go into micro.json and micro.txt. */
public final class MicroBenchmark {

    private final BenchmarkDatabase database;
    private final Path directory;

    /** Makes a run that writes its results into a directory. */
    public MicroBenchmark(BenchmarkDatabase database, Path directory) {
        this.database = database;
        this.directory = directory;
    }

    /** Runs. Blocks. */
    public void run(boolean brief) {
        Adapter.prepare(database);
        try {
            TempFolder files = TempFolder.create();
            try {
                new Runner(options(brief, files).build()).run();
            } finally {
                files.delete();
            }
        } catch (RunnerException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.println("micro: results in " + directory.resolve("micro.txt"));
    }

    private ChainedOptionsBuilder options(boolean brief, TempFolder files) {
        return new OptionsBuilder()
                .include(MicroBenchmark.class.getPackageName().replace(".", "\\.") + "\\..*")
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend(
                        "-Xmx2g",
                        "-D" + Adapter.DATABASE + "=" + database.r2dbcUrl(),
                        "-D" + Adapter.FILES + "=" + files.path())
                .forks(1)
                .warmupIterations(brief ? 1 : 8)
                .measurementIterations(brief ? 1 : 6)
                .warmupTime(TimeValue.milliseconds(brief ? 50 : 500))
                .measurementTime(TimeValue.milliseconds(brief ? 50 : 500))
                .shouldFailOnError(true)
                .output(directory.resolve("micro.txt").toString())
                .resultFormat(ResultFormatType.JSON)
                .result(directory.resolve("micro.json").toString());
    }
}
