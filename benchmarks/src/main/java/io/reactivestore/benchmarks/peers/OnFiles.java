package io.reactivestore.benchmarks.peers;

import io.reactivestore.benchmarks.host.TempFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/** A contender that keeps its data in a directory of its own, which goes with it. */
final class OnFiles implements Contestant {

    private final TempFolder folder;
    private final Contestant contestant;

    OnFiles(Function<Path, Contestant> open) throws IOException {
        folder = TempFolder.create();
        contestant = open.apply(folder.path());
    }

    @Override
    public void drive(int inFlight, Flows load) throws Exception {
        contestant.drive(inFlight, load);
    }

    @Override
    public void close() throws Exception {
        contestant.close();
        folder.delete();
    }
}
