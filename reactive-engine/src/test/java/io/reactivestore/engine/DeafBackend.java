package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.WebhookBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A database that gives no hints: who wants to know has to ask. */
record DeafBackend(JournalBackend backend) implements JournalBackend {

    private record DeafClaims(ClaimBackend claims) implements ClaimBackend {

        @Override
        public Mono<Void> beat(long writer, String name, Instant until, Instant now) {
            return claims.beat(writer, name, until, now);
        }

        @Override
        public Mono<Void> leave(long writer) {
            return claims.leave(writer);
        }

        @Override
        public Mono<List<TraceHead>> reserve(Due due) {
            return claims.reserve(due);
        }

        @Override
        public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
            return claims.positions(traceIds);
        }

        @Override
        public Flux<String> hints() {
            return Flux.never();
        }
    }

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
    public Optional<DeadLetterBackend> deadLetters() {
        return backend.deadLetters();
    }

    @Override
    public Optional<WebhookBackend> webhooks() {
        return backend.webhooks();
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return backend.claims().map(DeafClaims::new);
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
