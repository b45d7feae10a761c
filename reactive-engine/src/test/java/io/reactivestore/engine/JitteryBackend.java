package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.testkit.ForwardingBackend;
import io.reactivestore.testkit.ForwardingClaims;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A database that takes its time, now more, now less, before a call takes effect and before it is answered, on other threads. */
final class JitteryBackend extends ForwardingBackend {

    private final Random random;

    JitteryBackend(JournalBackend backend, long seed) {
        super(backend);
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
        return jitter(inner.append(batch));
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return jitter(inner.read(traceId, afterPosition, limit));
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return jitter(inner.head(traceId));
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return jitter(inner.recent(limit));
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return inner.claims().map(JitteryClaims::new);
    }

    private final class JitteryClaims extends ForwardingClaims {

        JitteryClaims(ClaimBackend claims) {
            super(claims);
        }

        @Override
        public Mono<List<TraceHead>> reserve(Due due) {
            return jitter(inner.reserve(due));
        }

        @Override
        public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
            return jitter(inner.positions(traceIds));
        }
    }
}
