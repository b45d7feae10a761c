package io.reactivestore.r2dbc;

import io.reactivestore.testkit.StoreConformance;
import io.reactivestore.testkit.StoreFixture;
import java.util.UUID;

/** The kit on H2 in memory. */
class H2MemoryConformanceTest extends StoreConformance {

    @Override
    protected StoreFixture fixture() {
        return new R2dbcFixture("r2dbc:h2:mem:///" + UUID.randomUUID());
    }
}
