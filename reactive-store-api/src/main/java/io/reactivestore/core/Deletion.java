package io.reactivestore.core;

import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.PurgePolicy;
import io.reactivestore.catalog.TraceCursor;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.error.TraceHeldException;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.JournalBackend;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How traces go: what was read is what is deleted, or nothing. */
final class Deletion {

    private static final int CLEARED_AT_ONCE = 100;

    private final JournalBackend backend;
    private final CatalogBackend catalog;
    private final GroupCommit commits;
    private final StoreConfig config;

    Deletion(JournalBackend backend, CatalogBackend catalog, GroupCommit commits, StoreConfig config) {
        this.backend = backend;
        this.catalog = catalog;
        this.commits = commits;
        this.config = config;
    }

    Mono<Boolean> delete(String traceId) {
        return Mono.defer(() -> backend.head(traceId)).flatMap(this::delete).defaultIfEmpty(false);
    }

    /** A trace that runs and is left alone as it was read is held; any other has changed meanwhile, so it is read again. */
    private Mono<Boolean> delete(TraceHead head) {
        return delete(List.of(head)).flatMap(gone -> {
            if (!gone.isEmpty()) {
                return Mono.just(true);
            }
            return backend.head(head.traceId())
                    .flatMap(now -> isHeld(head, now) ? Mono.error(held(now)) : delete(now))
                    .defaultIfEmpty(false);
        });
    }

    private static TraceHeldException held(TraceHead head) {
        return new TraceHeldException(head.traceId(), Objects.requireNonNullElse(head.holder(), 0L));
    }

    private static boolean isHeld(TraceHead before, TraceHead now) {
        return now.status() == TraceStatus.RUNNING && now.equals(before);
    }

    private Mono<Set<String>> delete(List<TraceHead> heads) {
        return Mono.defer(() -> {
                    AtomicBoolean inDoubt = new AtomicBoolean();
                    return Mono.defer(() -> catalog.delete(heads, config.clock().instant()))
                            .doOnError(error -> inDoubt.set(true))
                            .retryWhen(Journals.whileTransient(config))
                            .flatMap(gone -> inDoubt.get() ? withAllThatIsGone(heads, gone) : Mono.just(gone));
                })
                .doOnNext(gone -> gone.forEach(commits::forget));
    }

    /** An earlier try may have been heard by the database alone: what was there and is not any more was deleted by that. */
    private Mono<Set<String>> withAllThatIsGone(List<TraceHead> heads, Set<String> gone) {
        return Flux.fromIterable(heads)
                .filter(head -> !gone.contains(head.traceId()))
                .filterWhen(head -> backend.head(head.traceId())
                        .map(now -> !now.createdAt().equals(head.createdAt()))
                        .defaultIfEmpty(true))
                .<Set<String>>collect(() -> new HashSet<>(gone), (all, head) -> all.add(head.traceId()));
    }

    Mono<Long> clear() {
        return batches(TraceFilter.ALL, null, CLEARED_AT_ONCE).reduce(0L, Long::sum);
    }

    Flux<Long> purge(PurgePolicy policy) {
        if (!policy.ofEachWorkflow() || policy.keepNewest() == 0) {
            return purge(policy, TraceFilter.ALL);
        }
        return Mono.defer(() -> catalog.nextWorkflow(null))
                .expand(catalog::nextWorkflow)
                .concatMap(workflow -> purge(policy, TraceFilter.ALL.withWorkflows(workflow)), 1);
    }

    private Flux<Long> purge(PurgePolicy policy, TraceFilter all) {
        TraceFilter ended = all.withStatuses(policy.statuses());
        TraceFilter old = ended.withCreated(null, policy.createdBefore());
        return policy.keepNewest() == 0
                ? batches(old, null, policy.batchSize())
                : lastToKeep(ended, policy.keepNewest()).flatMapMany(after -> batches(old, after, policy.batchSize()));
    }

    /** Empty if there are not more traces than are to be kept. */
    private Mono<TraceCursor> lastToKeep(TraceFilter ended, int keepNewest) {
        return Mono.defer(() -> catalog.list(TraceQuery.of(ended, 1).withOffset(keepNewest - 1)))
                .filter(heads -> !heads.isEmpty())
                .map(heads -> TraceCursor.of(heads.get(0)));
    }

    /** The list behind the cursor, batch after batch; what is left alone is passed over. */
    private Flux<Long> batches(TraceFilter filter, @Nullable TraceCursor start, int size) {
        return Flux.defer(() -> {
            AtomicReference<@Nullable TraceCursor> after = new AtomicReference<>(start);
            return Mono.defer(() -> catalog.list(TraceQuery.of(filter, size).after(after.get())))
                    .doOnNext(heads ->
                            after.set(heads.isEmpty() ? after.get() : TraceCursor.of(heads.get(heads.size() - 1))))
                    .repeat()
                    .takeWhile(heads -> !heads.isEmpty())
                    .concatMap(heads -> delete(heads).map(gone -> (long) gone.size()), 1);
        });
    }
}
