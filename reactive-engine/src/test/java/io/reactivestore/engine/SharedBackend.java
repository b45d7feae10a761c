package io.reactivestore.engine;

import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.memory.InMemoryBackend;
import java.util.Objects;

/** One database, seen by any number of processes. */
final class SharedBackend {

    private final InMemoryBackend backend = new InMemoryBackend();

    /** A store as a new process would open it: another writer. */
    PersistenceStore newProcess() {
        return JournaledStore.over(backend, StoreConfig.defaults()).traces();
    }

    PersistedTrace trace(String traceId) {
        return Objects.requireNonNull(newProcess().load(traceId).block());
    }
}
