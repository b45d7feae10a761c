package io.reactivestore.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A contender that keeps its data in a directory of its own, which goes with it. */
final class OnFiles implements Contestant {

    private final Path directory;
    private final Contestant contestant;

    OnFiles(Function<Path, Contestant> open) throws IOException {
        directory = Files.createTempDirectory("benchmark");
        contestant = open.apply(directory);
    }

    @Override
    public void drive(int inFlight, Flows load) throws Exception {
        contestant.drive(inFlight, load);
    }

    @Override
    public void close() throws Exception {
        contestant.close();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
