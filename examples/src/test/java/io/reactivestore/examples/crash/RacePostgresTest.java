package io.reactivestore.examples.crash;

import io.reactivestore.engine.Races;
import io.reactivestore.r2dbc.TestBackend;

/** On PostgreSQL. */
class RacePostgresTest extends Races {

    RacePostgresTest() {
        super(TestBackend.postgres(), 40);
    }
}
