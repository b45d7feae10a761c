package io.reactivestore.engine;

import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.JournalBackend;

/** In memory. */
class DeadLetterCrashesTest extends DeadLetterCrashes {

    @Override
    protected JournalBackend database() {
        return new InMemoryBackend();
    }
}
