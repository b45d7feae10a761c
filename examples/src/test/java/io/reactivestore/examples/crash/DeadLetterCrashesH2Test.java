package io.reactivestore.examples.crash;

import io.reactivestore.engine.DeadLetterCrashes;
import io.reactivestore.r2dbc.TestBackend;
import io.reactivestore.spi.JournalBackend;

/** On H2. */
class DeadLetterCrashesH2Test extends DeadLetterCrashes {

    private static final JournalBackend DATABASE = TestBackend.h2();

    @Override
    protected JournalBackend database() {
        return DATABASE;
    }
}
