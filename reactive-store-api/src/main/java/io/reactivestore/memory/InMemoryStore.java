package io.reactivestore.memory;

import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;

/**
 * A store in the memory of this process: for tests, and for work that may be lost with the process. Same semantics as every
 * other store.
 *
 * <pre>{@code
 * ReactiveStore store = InMemoryStore.create();
 * }</pre>
 */
public final class InMemoryStore {

    private InMemoryStore() {}

    /**
     * Opens an empty store with the {@linkplain StoreConfig#defaults() default} limits.
     *
     * @return the store
     */
    public static ReactiveStore create() {
        return create(StoreConfig.defaults());
    }

    /**
     * Opens an empty store.
     *
     * @param config how to bound memory
     * @return the store
     */
    public static ReactiveStore create(StoreConfig config) {
        return JournaledStore.over(new InMemoryBackend(), config);
    }

    /**
     * Opens an empty store that keeps only so much.
     *
     * @param config how to bound what is under way
     * @param limits how to bound what is kept and shown
     * @return the store
     */
    public static ReactiveStore create(StoreConfig config, InMemoryLimits limits) {
        return JournaledStore.over(new InMemoryBackend(limits), config);
    }
}
