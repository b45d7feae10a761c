package io.reactivestore.examples.crash;

import io.reactivestore.engine.CrashWithFacts;
import io.reactivestore.r2dbc.TestBackend;
import io.reactivestore.spi.JournalBackend;

/** On PostgreSQL. */
class CrashWithFactsPostgresTest extends CrashWithFacts {

    private static final JournalBackend DATABASE = TestBackend.postgres();

    @Override
    protected JournalBackend database() {
        return DATABASE;
    }
}
