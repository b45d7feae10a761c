package io.reactivestore.engine;

import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.JournalBackend;

/** In memory. */
class CrashWithFactsTest extends CrashWithFacts {

    @Override
    protected JournalBackend database() {
        return new InMemoryBackend();
    }
}
