package io.reactivestore.r2dbc;

import io.reactivestore.testkit.StoreConformance;
import io.reactivestore.testkit.StoreFixture;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** The kit on H2 in a file. */
class H2FileConformanceTest extends StoreConformance {

    @TempDir
    static Path folder;

    @Override
    protected StoreFixture fixture() {
        return new R2dbcFixture(
                "r2dbc:h2:file:///" + folder.resolve(UUID.randomUUID().toString()));
    }
}
