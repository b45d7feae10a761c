package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.WebhookBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A database with hints that come as soon as time passes, and on the thread on which it does. */
final class PunctualBackend implements JournalBackend {

    private final JournalBackend backend;
    private final ClaimBackend claims;
    private final Sinks.Many<String> hints = Sinks.many().multicast().directBestEffort();
    private final VirtualTimeScheduler time;

    PunctualBackend(VirtualTimeScheduler time, JournalBackend backend) {
        this.time = time;
        this.backend = backend;
        this.claims = backend.claims().orElseThrow();
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return backend.append(batch)
                .doOnNext(leftOut -> batch.stream()
                        .filter(append -> append.isNews() && !leftOut.contains(append.traceId()))
                        .forEach(append ->
                                time.schedule(() -> hints.tryEmitNext(append.traceId()), 1, TimeUnit.MICROSECONDS)));
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return backend.read(traceId, afterPosition, limit);
    }

    @Override
    public Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        return backend.readAll(traceIds, limit);
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
        return Optional.of(new PunctualClaims());
    }

    @Override
    public Optional<FactBackend> facts() {
        return backend.facts();
    }

    @Override
    public Optional<SnapshotBackend> snapshots() {
        return backend.snapshots();
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private final class PunctualClaims implements ClaimBackend {

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
            return hints.asFlux();
        }
    }
}
