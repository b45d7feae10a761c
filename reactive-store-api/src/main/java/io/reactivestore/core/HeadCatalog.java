package io.reactivestore.core;

import io.reactivestore.TraceHead;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.internal.Check;
import io.reactivestore.spi.JournalBackend;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The facet CATALOG over heads. */
final class HeadCatalog implements Catalog {

    private final JournalBackend backend;
    private final Gate gate;

    HeadCatalog(JournalBackend backend, Gate gate) {
        this.backend = backend;
        this.gate = gate;
    }

    @Override
    public Mono<TraceHead> find(String traceId) {
        Check.traceId(traceId);
        return gate.guard(traceId, Mono.defer(() -> backend.head(traceId)));
    }

    @Override
    public Flux<TraceHead> recent(int limit) {
        Check.atLeast("limit", limit, 1);
        Check.atMost("limit", limit, MAX_LIMIT);
        return gate.guard(null, Mono.defer(() -> backend.recent(limit))).flatMapIterable(heads -> heads);
    }
}
