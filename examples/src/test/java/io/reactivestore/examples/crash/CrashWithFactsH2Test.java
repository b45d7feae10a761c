package io.reactivestore.examples.crash;

import io.reactivestore.engine.CrashWithFacts;
import io.reactivestore.r2dbc.TestBackend;
import io.reactivestore.spi.JournalBackend;

/** On H2. */
class CrashWithFactsH2Test extends CrashWithFacts {

    private static final JournalBackend DATABASE = TestBackend.h2();

    @Override
    protected JournalBackend database() {
        return DATABASE;
    }
}
