package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.TransactionBackend;
import io.reactivestore.spi.WebhookBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A database as a process sees it that dies at its k-th call: before the call takes effect, or after it, unheard. Nothing ever
 * answers from there on.
 */
final class DyingBackend implements JournalBackend {

    enum Moment {
        BEFORE,
        AFTER
    }

    /** What the views of one process share. */
    private static final class Life {
        private final int lastCall;
        private final Moment moment;
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger underWay = new AtomicInteger();
        private final Sinks.Empty<Void> death = Sinks.empty();
        private volatile boolean dead;

        Life(int lastCall, Moment moment) {
            this.lastCall = lastCall;
            this.moment = moment;
        }

        void end() {
            dead = true;
            death.tryEmitEmpty();
        }

        /** Makes a call; gives whether it takes effect. */
        boolean makesCall() {
            int call = calls.incrementAndGet();
            boolean takesEffect = !dead && (call < lastCall || (call == lastCall && moment == Moment.AFTER));
            if (dead || call >= lastCall) {
                end();
            }
            return takesEffect;
        }
    }

    private final JournalBackend backend;
    private final Life life;

    DyingBackend(JournalBackend backend, int lastCall, Moment moment) {
        this(backend, new Life(lastCall, moment));
    }

    private DyingBackend(JournalBackend backend, Life life) {
        this.backend = backend;
        this.life = life;
    }

    /** Dies when it is told to. */
    static DyingBackend of(JournalBackend backend) {
        return new DyingBackend(backend, Integer.MAX_VALUE, Moment.BEFORE);
    }

    void die() {
        life.end();
    }

    boolean isDead() {
        return life.dead;
    }

    int calls() {
        return life.calls.get();
    }

    /** Whether no call is under way, and with it nothing that an answer has somebody do. */
    boolean isIdle() {
        return life.underWay.get() == 0;
    }

    /** Under way until its answer has had its effect, even if it is cancelled in the middle of that. */
    private <T> Mono<T> call(Mono<T> reached) {
        return Mono.create(sink -> {
            if (!life.makesCall()) {
                return;
            }
            boolean isHeard = !life.dead;
            life.underWay.incrementAndGet();
            reached.map(Optional::of)
                    .defaultIfEmpty(Optional.empty())
                    .subscribe(
                            answer -> answered(isHeard, () -> sink.success(answer.orElse(null))),
                            error -> answered(isHeard, () -> sink.error(error)));
        });
    }

    private void answered(boolean isHeard, Runnable answer) {
        try {
            if (isHeard) {
                answer.run();
            }
        } finally {
            life.underWay.decrementAndGet();
        }
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
    public Optional<CatalogBackend> catalog() {
        return backend.catalog();
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return backend.claims().map(DyingClaims::new);
    }

    @Override
    public Optional<TransactionBackend<?>> transactions() {
        return backend.transactions().map(DyingTransactions::new);
    }

    @Override
    public Optional<DeadLetterBackend> deadLetters() {
        return backend.deadLetters().map(DyingLetters::new);
    }

    @Override
    public Optional<FactBackend> facts() {
        return backend.facts().map(DyingFacts::new);
    }

    /** Only what is written with a batch dies with the process: nothing else is asked of it here. */
    @Override
    public Optional<WebhookBackend> webhooks() {
        return backend.webhooks();
    }

    @Override
    public Optional<SnapshotBackend> snapshots() {
        return backend.snapshots().map(DyingSnapshots::new);
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

    private final class DyingFacts implements FactBackend {

        private final FactBackend facts;

        DyingFacts(FactBackend facts) {
            this.facts = facts;
        }

        @Override
        public Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
            return call(facts.put(content, note, now));
        }

        @Override
        public Mono<List<Sha256>> note(Collection<Note> notes, Instant now) {
            return call(facts.note(notes, now));
        }

        @Override
        public Mono<Payload> get(Sha256 key) {
            return call(facts.get(key));
        }

        @Override
        public Mono<List<Sha256>> references(String traceId) {
            return call(facts.references(traceId));
        }

        @Override
        public Mono<Long> sweep(Instant before, int limit) {
            return call(facts.sweep(before, limit));
        }
    }

    private final class DyingSnapshots implements SnapshotBackend {

        private final SnapshotBackend snapshots;

        DyingSnapshots(SnapshotBackend snapshots) {
            this.snapshots = snapshots;
        }

        @Override
        public Mono<Boolean> save(Kept snapshot) {
            return call(snapshots.save(snapshot));
        }

        @Override
        public Mono<Kept> find(String traceId, String version) {
            return call(snapshots.find(traceId, version));
        }

        @Override
        public Mono<Void> remove(Kept snapshot) {
            return call(snapshots.remove(snapshot));
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
        public Mono<Boolean> isAlive(long writer, Instant now) {
            return call(claims.isAlive(writer, now));
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
            return claims.hints().filter(hint -> !life.dead);
        }
    }

    /** Its database rolls back what a dead process leaves open. To commit is a call like others. */
    private final class DyingTransactions<C> implements TransactionBackend<C> {

        private static final class DiedException extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        private final TransactionBackend<C> transactions;

        DyingTransactions(TransactionBackend<C> transactions) {
            this.transactions = transactions;
        }

        @Override
        public Class<C> connectionType() {
            return transactions.connectionType();
        }

        @Override
        public JournalBackend through(C connection) {
            return new DyingBackend(transactions.through(connection), life);
        }

        @Override
        public <T> Mono<T> inTransaction(Function<? super C, ? extends Mono<T>> work) {
            return Mono.defer(() -> {
                if (life.dead) {
                    return Mono.never();
                }
                life.underWay.incrementAndGet();
                Mono<T> killed = life.death.asMono().then(Mono.error(DiedException::new));
                return transactions
                        .inTransaction(connection -> Mono.firstWithSignal(work.apply(connection), killed)
                                .delayUntil(value -> life.makesCall() ? Mono.empty() : Mono.error(new DiedException())))
                        .doFinally(signal -> life.underWay.decrementAndGet())
                        .onErrorResume(DiedException.class, died -> Mono.never())
                        .flatMap(value -> life.dead ? Mono.never() : Mono.just(value));
            });
        }
    }
}
