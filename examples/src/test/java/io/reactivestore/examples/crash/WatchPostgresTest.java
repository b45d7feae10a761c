package io.reactivestore.examples.crash;

import io.reactivestore.r2dbc.TestBackend;

/** On PostgreSQL. */
class WatchPostgresTest extends Watching {

    WatchPostgresTest() {
        super(TestBackend.postgres());
    }
}
