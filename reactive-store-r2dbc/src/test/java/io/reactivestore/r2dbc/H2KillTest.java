package io.reactivestore.r2dbc;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** A process with an H2 file dies: everything it acknowledged is in the file. */
class H2KillTest {

    @Test
    void acknowledgedEntriesSurviveSigkill(@TempDir Path folder) throws Exception {
        String url = "r2dbc:h2:file:///" + folder.resolve("store");
        new KillRounds(url, "rs_", folder).run(KillRounds.STRESS ? 20 : 3, Mono.empty());
    }
}
