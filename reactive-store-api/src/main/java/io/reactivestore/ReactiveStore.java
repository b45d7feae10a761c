package io.reactivestore;

import io.reactivestore.error.CapabilityMissingException;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * One backend, seen whole. What every store has is {@link #traces()}; the rest is asked for by key.
 *
 * <pre>{@code
 * ReactiveStore store = InMemoryStore.create();
 * Mono<PersistedTrace> trace = store.traces().load("order-42");
 * Flux<TraceHead> newest = store.require(Capability.CATALOG).recent(20);
 * }</pre>
 */
public interface ReactiveStore {

    /**
     * Gives what every store has.
     *
     * @return the traces of this store
     */
    PersistenceStore traces();

    /**
     * Lists the facets.
     *
     * @return the keys of what this store has beyond {@link #traces()}
     */
    Set<Capability<?>> capabilities();

    /**
     * Looks a facet up.
     *
     * @param capability its key
     * @param <F> its type
     * @return the facet, or empty if this store lacks it
     */
    <F> Optional<F> find(Capability<F> capability);

    /**
     * Gives a facet that the caller cannot do without.
     *
     * @param capability its key
     * @param <F> its type
     * @return the facet
     * @throws CapabilityMissingException if this store lacks it; the message lists what it has
     */
    default <F> F require(Capability<F> capability) {
        return find(capability)
                .orElseThrow(() -> new CapabilityMissingException(
                        capability.name(),
                        capabilities().stream().map(Capability::name).sorted().toList()));
    }

    /**
     * Closes the store: on subscription new calls are refused with {@link io.reactivestore.error.StoreClosedException}, calls
     * under way are brought to their end, then what the store owns is released. Closing again does nothing. Cancel has no
     * effect: the store closes all the same.
     *
     * @return a Mono that completes when everything is released
     */
    Mono<Void> close();
}
