package io.reactivestore.examples.crash;

import io.reactivestore.engine.CrashEverywhere;
import io.reactivestore.r2dbc.TestBackend;
import io.reactivestore.spi.JournalBackend;
import java.util.Optional;

/** On H2. */
class CrashEverywhereH2Test extends CrashEverywhere {

    private static final JournalBackend DATABASE = TestBackend.h2();

    private static final SqlLedger LEDGER = new SqlLedger(DATABASE);

    @Override
    protected JournalBackend database() {
        return DATABASE;
    }

    @Override
    protected Optional<Ledger<?>> ledger() {
        return Optional.of(LEDGER);
    }
}
