package io.reactivestore.testkit;

/** The kit on the in-memory adapter. */
class InMemoryConformanceTest extends StoreConformance {

    @Override
    protected StoreFixture fixture() {
        return new InMemoryFixture();
    }
}
