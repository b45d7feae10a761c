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
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A database that takes its time, now more, now less, before a call takes effect and before it is answered, on other threads. */
final class JitteryBackend implements JournalBackend {

    private final JournalBackend backend;
    private final Random random;

    JitteryBackend(JournalBackend backend, long seed) {
        this.backend = backend;
        this.random = new Random(seed);
    }

    private <T> Mono<T> jitter(Mono<T> call) {
        return Mono.defer(() -> hop().then(call).flatMap(answer -> hop().thenReturn(answer)));
    }

    private Mono<Long> hop() {
        int micros = random.nextInt(1_500);
        return micros < 700 ? Mono.just(0L) : Mono.delay(Duration.ofNanos(micros * 1_000L), Schedulers.parallel());
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return jitter(backend.append(batch));
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return jitter(backend.read(traceId, afterPosition, limit));
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return jitter(backend.head(traceId));
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return jitter(backend.recent(limit));
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
        return backend.claims().map(JitteryClaims::new);
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

    private final class JitteryClaims implements ClaimBackend {

        private final ClaimBackend claims;

        JitteryClaims(ClaimBackend claims) {
            this.claims = claims;
        }

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
            return jitter(claims.reserve(due));
        }

        @Override
        public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
            return jitter(claims.positions(traceIds));
        }

        @Override
        public Flux<String> hints() {
            return claims.hints();
        }
    }
}
