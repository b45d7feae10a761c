package io.reactivestore.core;

import io.reactivestore.TraceHead;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.PurgePolicy;
import io.reactivestore.catalog.TraceCursor;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TracePage;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceStats;
import io.reactivestore.catalog.TraceSummary;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.internal.Check;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.JournalBackend;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The facet CATALOG over heads. */
final class HeadCatalog implements Catalog {

    /** Somebody else changed the tags meanwhile; internal. */
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken() {
            super(null, null, false, false);
        }
    }

    /** So many ids are read at once, and so many journals outlined. */
    private static final int IDS = 1_000;

    private static final int OUTLINES = 50;

    private final JournalBackend backend;
    private final CatalogBackend catalog;
    private final Deletion deletion;
    private final Gate gate;

    HeadCatalog(JournalBackend backend, CatalogBackend catalog, Deletion deletion, Gate gate) {
        this.backend = backend;
        this.catalog = catalog;
        this.deletion = deletion;
        this.gate = gate;
    }

    @Override
    public Mono<TraceHead> find(String traceId) {
        Check.traceId(traceId);
        return gate.guard(traceId, head(traceId));
    }

    private Mono<TraceHead> head(String traceId) {
        return Mono.defer(() -> backend.head(traceId));
    }

    @Override
    public Flux<TraceHead> recent(int limit) {
        Check.atLeast("limit", limit, 1);
        Check.atMost("limit", limit, MAX_LIMIT);
        return gate.guard(null, Mono.defer(() -> backend.recent(limit))).flatMapIterable(heads -> heads);
    }

    @Override
    public Flux<TraceHead> list(TraceQuery query) {
        Check.present("query", query);
        return gate.guard(null, heads(query)).flatMapIterable(heads -> heads);
    }

    private Mono<List<TraceHead>> heads(TraceQuery query) {
        return Mono.defer(() -> catalog.list(query));
    }

    @Override
    public Mono<TracePage> page(TraceQuery query) {
        Check.present("query", query);
        return gate.guard(null, heads(query).zipWhen(heads -> totals(query.filter()), (heads, totals) -> {
            boolean isFull = heads.size() == query.limit();
            TraceCursor next = isFull ? TraceCursor.of(heads.get(heads.size() - 1)) : null;
            return new TracePage(heads, Totals.count(totals), next);
        }));
    }

    @Override
    public Mono<Long> count(TraceFilter filter) {
        Check.present("filter", filter);
        return gate.guard(null, totals(filter).map(Totals::count));
    }

    @Override
    public Mono<TraceStats> stats(TraceFilter filter) {
        Check.present("filter", filter);
        return gate.guard(null, totals(filter).map(totals -> Totals.toStats(totals, catalog.capacity())));
    }

    private Mono<List<CatalogBackend.Total>> totals(TraceFilter filter) {
        return Mono.defer(() -> catalog.totals(filter));
    }

    @Override
    public Flux<TraceSummary> summaries(TraceQuery query) {
        Check.present("query", query);
        return gate.guard(null, heads(query))
                .flatMapIterable(heads -> heads)
                .buffer(OUTLINES)
                .concatMap(heads -> gate.guard(null, summarise(heads)), 1)
                .concatMapIterable(summaries -> summaries, 1);
    }

    private Mono<List<TraceSummary>> summarise(List<TraceHead> heads) {
        List<String> ids = heads.stream().map(TraceHead::traceId).toList();
        return Mono.defer(() -> catalog.outlines(ids))
                .zipWhen(
                        outlines -> catalog.tags(ids),
                        (outlines, tags) -> heads.stream()
                                .filter(head -> outlines.containsKey(head.traceId()))
                                .map(head -> Summaries.of(
                                        head,
                                        tags.getOrDefault(head.traceId(), TraceTags.NONE),
                                        outlines.get(head.traceId()),
                                        catalog.maxValueSizeBytes()))
                                .toList());
    }

    @Override
    public Flux<String> ids() {
        return Flux.defer(() -> ids(new AtomicReference<>()));
    }

    private Flux<String> ids(AtomicReference<@Nullable String> last) {
        return gate.guard(null, Mono.defer(() -> catalog.ids(last.get(), IDS)))
                .doOnNext(page -> last.set(page.isEmpty() ? last.get() : page.get(page.size() - 1)))
                .repeat()
                .takeUntil(page -> page.size() < IDS)
                .concatMapIterable(page -> page, 1);
    }

    @Override
    public Mono<TraceTags> tags(String traceId) {
        Check.traceId(traceId);
        return gate.guard(traceId, head(traceId).flatMap(head -> tagsOf(traceId)));
    }

    private Mono<TraceTags> tagsOf(String traceId) {
        return Mono.defer(() -> catalog.tags(List.of(traceId))).map(tags -> tags.getOrDefault(traceId, TraceTags.NONE));
    }

    @Override
    public Mono<TraceTags> update(String traceId, UnaryOperator<TraceTags> change) {
        Check.traceId(traceId);
        Check.present("change", change);
        Mono<TraceTags> once = head(traceId)
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)))
                .flatMap(head -> tagsOf(traceId))
                .flatMap(before -> {
                    TraceTags next = Check.present("what the change gives", change.apply(before));
                    return catalog.replaceTags(traceId, before, next)
                            .flatMap(replaced -> replaced ? Mono.just(next) : Mono.error(new Overtaken()));
                });
        return gate.guard(traceId, once.retryWhen(Retry.indefinitely().filter(Overtaken.class::isInstance)));
    }

    @Override
    public Mono<Boolean> delete(String traceId) {
        Check.traceId(traceId);
        return gate.guard(traceId, deletion.delete(traceId));
    }

    @Override
    public Mono<Long> clear() {
        return gate.guard(null, deletion.clear());
    }

    @Override
    public Flux<Long> purge(PurgePolicy policy) {
        Check.present("policy", policy);
        return gate.guard(null, deletion.purge(policy));
    }
}
