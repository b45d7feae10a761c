package io.reactivestore.core;

import io.reactivestore.Capability;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.spi.JournalBackend;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * A store over a backend: the semantics, written once for all adapters. Each instance is one <em>writer</em>: what fences two
 * processes from each other fences two instances over one backend as well.
 *
 * <pre>{@code
 * ReactiveStore store = JournaledStore.over(backend, StoreConfig.defaults());
 * }</pre>
 */
public final class JournaledStore implements ReactiveStore {

    private final Gate gate = new Gate();
    private final PersistenceStore traces;
    private final Map<Capability<?>, Object> facets;
    private final Mono<Void> closed;

    private JournaledStore(JournalBackend backend, StoreConfig config) {
        long writer = new SecureRandom().nextLong();
        Journals journals = new Journals(backend, config, gate);
        GroupCommit commits = new GroupCommit(journals, config, gate, writer);
        TraceReader reader = new TraceReader(journals, commits, gate);
        Map<Capability<?>, Object> facets = new HashMap<>();
        backend.snapshots()
                .map(kept -> new FoldSnapshots(backend, kept, journals, config, gate))
                .ifPresent(snapshots -> {
                    journals.use(snapshots);
                    facets.put(Capability.SNAPSHOTS, snapshots);
                });
        HashedFacts facts =
                backend.facts().map(kept -> new HashedFacts(kept, config, gate)).orElse(null);
        if (facts != null) {
            facets.put(Capability.FACTS, facts);
        }
        facets.put(
                Capability.JOURNAL,
                new JournaledEntries(
                        journals,
                        reader,
                        commits,
                        Exits.of(backend, gate),
                        config,
                        writer,
                        new LiveHolders(backend, config, gate, writer),
                        facts));
        backend.catalog()
                .map(catalog ->
                        new HeadCatalog(backend, catalog, new Deletion(backend, catalog, commits, config), gate))
                .ifPresent(catalog -> facets.put(Capability.CATALOG, catalog));
        backend.claims()
                .map(claims -> new JournaledClaims(claims, reader, commits, config, gate, writer))
                .ifPresent(claims -> facets.put(Capability.CLAIMS, claims));
        backend.deadLetters()
                .map(letters -> new JournaledDeadLetters(letters, gate))
                .ifPresent(letters -> facets.put(Capability.DEAD_LETTERS, letters));
        backend.webhooks()
                .map(webhooks -> new JournaledWebhooks(webhooks, gate))
                .ifPresent(webhooks -> facets.put(Capability.WEBHOOKS, webhooks));
        backend.transactions()
                .map(through -> new JournaledTransactions<>(through, config, gate, writer))
                .ifPresent(transactions -> facets.put(Capability.TRANSACTIONS, transactions));
        this.facets = Map.copyOf(facets);
        this.traces = new JournaledTraces(reader, commits, config);
        this.closed = Mono.defer(gate::close).then(Mono.defer(backend::close)).cache();
    }

    /**
     * Opens a store. The store owns the backend from here on and closes it when it is closed itself.
     *
     * @param backend the adapter
     * @param config how to share writes and bound memory
     * @return a store with the facet JOURNAL, and each other one if the backend has what it takes
     */
    public static JournaledStore over(JournalBackend backend, StoreConfig config) {
        return new JournaledStore(backend, config);
    }

    @Override
    public PersistenceStore traces() {
        return traces;
    }

    @Override
    public Set<Capability<?>> capabilities() {
        return facets.keySet();
    }

    @Override
    public <F> Optional<F> find(Capability<F> capability) {
        return Optional.ofNullable(facets.get(capability)).map(capability.type()::cast);
    }

    @Override
    public Mono<Void> close() {
        return closed;
    }
}
