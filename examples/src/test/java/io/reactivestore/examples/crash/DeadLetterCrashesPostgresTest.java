package io.reactivestore.examples.crash;

import io.reactivestore.engine.DeadLetterCrashes;
import io.reactivestore.r2dbc.TestBackend;
import io.reactivestore.spi.JournalBackend;

/** On PostgreSQL. */
class DeadLetterCrashesPostgresTest extends DeadLetterCrashes {

    private static final JournalBackend DATABASE = TestBackend.postgres();

    @Override
    protected JournalBackend database() {
        return DATABASE;
    }
}
