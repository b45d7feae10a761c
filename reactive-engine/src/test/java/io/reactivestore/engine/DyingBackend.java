package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.journal.JournalEntry;
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
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A database as a process sees it that dies at its k-th call: before the call takes effect, or after it, unheard. Nothing ever
 * answers from there on.
 */
final class DyingBackend implements JournalBackend {

    enum Moment {
        BEFORE,
        AFTER
    }

    private final JournalBackend backend;
    private final int lastCall;
    private final Moment moment;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean dead;

    DyingBackend(JournalBackend backend, int lastCall, Moment moment) {
        this.backend = backend;
        this.lastCall = lastCall;
        this.moment = moment;
    }

    /** Dies when it is told to. */
    static DyingBackend of(JournalBackend backend) {
        return new DyingBackend(backend, Integer.MAX_VALUE, Moment.BEFORE);
    }

    void die() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    int calls() {
        return calls.get();
    }

    /** Whether no call is under way, and with it nothing that an answer has somebody do. */
    boolean isIdle() {
        return underWay.get() == 0;
    }

    private <T> Mono<T> call(Mono<T> reached) {
        return Mono.defer(() -> {
            int call = calls.incrementAndGet();
            if (dead || call > lastCall || (call == lastCall && moment == Moment.BEFORE)) {
                dead = true;
                return Mono.never();
            }
            if (call == lastCall) {
                dead = true;
            }
            underWay.incrementAndGet();
            Mono<T> answered = reached.doFinally(signal -> underWay.decrementAndGet());
            return call == lastCall ? answered.then(Mono.never()) : answered;
        });
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return call(backend.append(batch));
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return call(backend.read(traceId, afterPosition, limit));
    }

    @Override
    public Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        return call(backend.readAll(traceIds, limit));
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return call(backend.head(traceId));
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return call(backend.recent(limit));
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return backend.claims().map(DyingClaims::new);
    }

    @Override
    public Optional<DeadLetterBackend> deadLetters() {
        return backend.deadLetters().map(DyingLetters::new);
    }

    /** Only what is written with a batch dies with the process: nothing else is asked of it here. */
    @Override
    public Optional<WebhookBackend> webhooks() {
        return backend.webhooks();
    }

    /** The database outlives the process. */
    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private final class DyingLetters implements DeadLetterBackend {

        private final DeadLetterBackend letters;

        DyingLetters(DeadLetterBackend letters) {
            this.letters = letters;
        }

        @Override
        public Mono<DeadLetter> find(String id) {
            return call(letters.find(id));
        }

        @Override
        public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
            return call(letters.list(query));
        }

        @Override
        public Mono<Map<DeadLetterState, Long>> counts() {
            return call(letters.counts());
        }

        @Override
        public Mono<Boolean> replace(DeadLetter next) {
            return call(letters.replace(next));
        }
    }

    private final class DyingClaims implements ClaimBackend {

        private final ClaimBackend claims;

        DyingClaims(ClaimBackend claims) {
            this.claims = claims;
        }

        @Override
        public Mono<Void> beat(long writer, String name, Instant until, Instant now) {
            return call(claims.beat(writer, name, until, now));
        }

        @Override
        public Mono<Void> leave(long writer) {
            return call(claims.leave(writer));
        }

        @Override
        public Mono<List<TraceHead>> reserve(Due due) {
            return call(claims.reserve(due));
        }

        @Override
        public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
            return call(claims.positions(traceIds));
        }

        @Override
        public Flux<String> hints() {
            return claims.hints().filter(hint -> !dead);
        }
    }
}
