package io.reactivestore.benchmarks.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that goes with what is in it. */
public record TempFolder(Path path) {

    /** Makes one. */
    public static TempFolder create() throws IOException {
        return new TempFolder(Files.createTempDirectory("benchmark"));
    }

    /** Deletes it. */
    public void delete() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(path)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
