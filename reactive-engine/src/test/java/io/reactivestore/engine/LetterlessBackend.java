package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** A database that keeps no dead letters. */
record LetterlessBackend(JournalBackend backend) implements JournalBackend {

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return backend.append(batch);
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return backend.read(traceId, afterPosition, limit);
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return backend.head(traceId);
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return backend.recent(limit);
    }

    @Override
    public Optional<CatalogBackend> catalog() {
        return backend.catalog();
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return backend.claims();
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
