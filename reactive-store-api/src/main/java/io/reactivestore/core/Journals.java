package io.reactivestore.core;

import io.reactivestore.Payload;
import io.reactivestore.error.PayloadCorruptedException;
import io.reactivestore.error.StoreException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The backend as the semantics use it: writes that are repeated while trouble is transient, reads in pages, folds. */
final class Journals {

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

    private final JournalBackend backend;
    private final StoreConfig config;
    private final Gate gate;
    private final Retry whileTransient;
    private final Followers followers = new Followers();
    private @Nullable FoldSnapshots snapshots;

    Journals(JournalBackend backend, StoreConfig config, Gate gate) {
        this.backend = backend;
        this.config = config;
        this.gate = gate;
        this.whileTransient = whileTransient(config);
    }

    /** From here on long journals are not read from their start, if there is a snapshot. */
    void use(FoldSnapshots kept) {
        snapshots = kept;
    }

    static Retry whileTransient(StoreConfig config) {
        return Retry.backoff(config.writeRetries(), config.writeBackoff())
                .maxBackoff(MAX_BACKOFF)
                .jitter(0.5)
                .scheduler(config.scheduler())
                .filter(error -> error instanceof StoreException trouble && trouble.isTransient())
                .onRetryExhaustedThrow((spec, signal) -> signal.failure());
    }

    /** Writes a journal from its start; emits false if there is one. */
    Mono<Boolean> restore(TraceAppend append) {
        return gate.guard(append.traceId(), append(List.of(append))).map(Set::isEmpty);
    }

    /** Writes a batch, again and again to the same positions while trouble is transient: what is there already collides. */
    Mono<Set<String>> append(List<TraceAppend> batch) {
        Mono<Set<String>> once =
                Mono.defer(() -> backend.append(batch)).doOnNext(leftOut -> followers.tell(batch, leftOut));
        return config.writeRetries() == 0 ? once : once.retryWhen(whileTransient);
    }

    /**
     * Folds the tails of these traces; unknown ones are empty tails.
     *
     * @param observedFrom gives for each trace the position from which on the observer is to see each entry
     */
    Mono<List<TraceFold>> tails(
            Collection<String> traceIds, ToLongFunction<String> observedFrom, Consumer<JournalEntry> observer) {
        Mono<Map<String, List<JournalEntry>>> once = Mono.defer(() -> backend.readAll(traceIds, PageCursor.FIRST_PAGE));
        return once.retryWhen(whileTransient)
                .flatMapMany(
                        pages -> Flux.fromIterable(traceIds).concatMap(id -> tail(id, pages, observedFrom, observer)))
                .collectList();
    }

    private Mono<TraceFold> tail(
            String traceId,
            Map<String, List<JournalEntry>> firstPages,
            ToLongFunction<String> observedFrom,
            Consumer<JournalEntry> observer) {
        TraceFold tail = TraceFold.tail(traceId);
        List<JournalEntry> first = firstPages.getOrDefault(traceId, List.of());
        first.forEach(observer.andThen(tail::apply));
        PageCursor cursor = new PageCursor(0);
        cursor.passed(first);
        if (cursor.isAtEnd()) {
            return Mono.just(tail);
        }
        return kept(tail)
                .filter(kept -> kept.position() < observedFrom.applyAsLong(traceId))
                .map(TraceFold::toTail)
                .defaultIfEmpty(tail)
                .flatMap(start -> fold(start, observer));
    }

    /** Folds a whole trace, payloads checked; empty if there is none. */
    Mono<TraceFold> load(String traceId) {
        return Mono.defer(() -> {
            TraceFold start = TraceFold.full(traceId);
            PageCursor cursor = new PageCursor(0);
            return page(traceId, cursor)
                    .doOnNext(page -> page.forEach(entry -> {
                        verify(entry);
                        start.apply(entry);
                    }))
                    .flatMap(page -> cursor.isAtEnd()
                            ? Mono.just(start)
                            : kept(start).defaultIfEmpty(start).flatMap(known -> fold(known, Journals::verify)))
                    .filter(TraceFold::exists);
        });
    }

    /** What is kept of a trace whose first page is full, if that spares reading. */
    private Mono<TraceFold> kept(TraceFold start) {
        FoldSnapshots kept = snapshots;
        return kept == null ? Mono.empty() : kept.fold(start).filter(found -> found.position() > start.position());
    }

    private Mono<TraceFold> fold(TraceFold fold, Consumer<JournalEntry> observer) {
        PageCursor cursor = new PageCursor(fold.position());
        return untilEnd(page(fold.traceId(), cursor), cursor)
                .doOnNext(page -> page.forEach(observer.andThen(fold::apply)))
                .then(Mono.just(fold));
    }

    /** Reads to the end, one page ahead of demand at the most; nothing is held between pages. */
    Flux<JournalEntry> read(String traceId, long after) {
        return Flux.defer(() -> {
                    PageCursor cursor = new PageCursor(after);
                    return untilEnd(gate.guard(traceId, page(traceId, cursor)), cursor);
                })
                .concatMapIterable(page -> page, 1)
                .doOnNext(Journals::verify);
    }

    /** Reads to the end and then looks for more when this store has written some, and at an interval. */
    Flux<JournalEntry> follow(String traceId, long after) {
        return Flux.using(
                () -> followers.enter(traceId), follower -> follow(traceId, after, follower), followers::leave);
    }

    private Flux<JournalEntry> follow(String traceId, long after, Followers.Follower follower) {
        PageCursor cursor = new PageCursor(after);
        Mono<List<JournalEntry>> page = page(traceId, cursor).doFirst(follower::listen);
        return gate.guard(traceId, page)
                .repeatWhen(pages -> pages.concatMap(n -> cursor.isAtEnd() ? more(follower) : Mono.just(n)))
                .concatMapIterable(read -> read, 1)
                .doOnNext(Journals::verify);
    }

    /** Whoever writes is not to read for those who follow, hence the thread. */
    private Mono<Long> more(Followers.Follower follower) {
        Mono<Long> news = follower.news().thenReturn(1L).publishOn(config.scheduler());
        return Mono.firstWithSignal(news, Mono.delay(config.followInterval(), config.scheduler()));
    }

    private static Flux<List<JournalEntry>> untilEnd(Mono<List<JournalEntry>> nextPage, PageCursor cursor) {
        return nextPage.repeat().takeUntil(page -> cursor.isAtEnd());
    }

    private Mono<List<JournalEntry>> page(String traceId, PageCursor cursor) {
        return Mono.defer(() -> backend.read(traceId, cursor.position(), cursor.limit()))
                .doOnNext(cursor::passed);
    }

    private static void verify(JournalEntry entry) {
        Payload payload = entry.event().payload();
        if (payload != null && !payload.isIntact()) {
            throw new PayloadCorruptedException(entry.traceId(), entry.position());
        }
    }
}
