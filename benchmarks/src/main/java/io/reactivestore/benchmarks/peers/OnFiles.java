package io.reactivestore.benchmarks.peers;

import io.reactivestore.benchmarks.host.TempFolder;
import java.nio.file.Path;
import java.time.Duration;

/** A contender that keeps its data in a directory of its own, which goes with it. */
final class OnFiles implements Contestant {

    /** Opens a contender in a directory. */
    interface Opener {
        Contestant in(Path directory) throws Exception;
    }

    private final TempFolder folder;
    private final Contestant contestant;

    OnFiles(Opener open) throws Exception {
        folder = TempFolder.create();
        contestant = open.in(folder.path());
    }

    @Override
    public void drive(int inFlight, Flows load) throws Exception {
        contestant.drive(inFlight, load);
    }

    @Override
    public Duration serverCpu() {
        return contestant.serverCpu();
    }

    @Override
    public void close() throws Exception {
        contestant.close();
        folder.delete();
    }
}
