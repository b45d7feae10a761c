package io.reactivestore.r2dbc;

import io.reactivestore.testkit.StoreConformance;
import io.reactivestore.testkit.StoreFixture;

/** The kit on PostgreSQL. */
class PostgresConformanceTest extends StoreConformance {

    @Override
    protected StoreFixture fixture() {
        return new R2dbcFixture(TestPostgres.url());
    }
}
