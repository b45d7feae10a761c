package io.reactivestore.testkit;

import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.PurgePolicy;
import io.reactivestore.catalog.TraceCursor;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceStats;
import io.reactivestore.catalog.TraceSummary;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.catalog.ValuePreview;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bugs that break searching, describing and deleting. */
final class CatalogDefects {

    static final List<Defect> ALL = List.of(
            Defect.inStore("K1", "a trace exists before it was made", inner -> new Decorated.Store(inner) {
                @Override
                public Mono<Boolean> exists(String traceId) {
                    return Mono.just(true);
                }
            }),
            asking("K2", "the end of a window lies in it", (inner, query) -> {
                Instant to = query.filter().createdTo();
                return inner.list(with(
                        query,
                        query.filter()
                                .withCreated(query.filter().createdFrom(), to == null ? null : to.plusNanos(1_000))));
            }),
            asking("K2", "the source is not looked at", (inner, query) -> {
                Map<String, String> tags = new HashMap<>(query.filter().tags().values());
                tags.remove(TraceTags.SOURCE);
                return inner.list(with(query, withTags(query.filter(), tags)));
            }),
            asking("K2", "one of several tags is enough", (inner, query) -> {
                Map<String, String> tags = query.filter().tags().values();
                return tags.size() < 2
                        ? inner.list(query)
                        : inner.list(with(
                                query,
                                withTags(
                                        query.filter(),
                                        Map.ofEntries(tags.entrySet().iterator().next()))));
            }),
            asking("K3", "a cursor passes over what was made at the same time", (inner, query) -> {
                TraceCursor after = query.after();
                return inner.list(query)
                        .map(heads -> heads.stream()
                                .filter(head ->
                                        after == null || head.createdAt().isBefore(after.createdAt()))
                                .toList());
            }),
            asking(
                    "K3",
                    "an offset counts from the whole, not from the filter",
                    (inner, query) -> inner.list(new TraceQuery(query.filter(), 1_000, 0, query.after()))
                            .map(heads -> heads.stream()
                                    .skip(query.offset() == 0 ? 0 : query.offset() - 1)
                                    .limit(query.limit())
                                    .toList())),
            Defect.inBackend("K4", "a total ignores the filter", inner -> new Searching(inner) {
                @Override
                public Mono<List<Total>> totals(TraceFilter filter) {
                    return catalog.totals(TraceFilter.ALL);
                }
            }),
            Defect.inBackend("K5", "what is void counts as a step", CountsTheVoid::new),
            Defect.inStore("K5", "a preview counts bytes, not characters", inner -> new Decorated.Store(inner) {
                @Override
                public Flux<TraceSummary> summaries(TraceQuery query) {
                    return catalog.summaries(query)
                            .map(summary -> new TraceSummary(
                                    summary.head(),
                                    summary.tags(),
                                    summary.steps(),
                                    summary.duration(),
                                    summary.output() == null
                                            ? null
                                            : ValuePreview.of(
                                                    summary.output().text(),
                                                    summary.output().size(),
                                                    summary.output().hash(),
                                                    50)));
                }
            }),
            Defect.inStore("K6", "the oldest is the newest", inner -> new Decorated.Store(inner) {
                @Override
                public Mono<TraceStats> stats(TraceFilter filter) {
                    return catalog.stats(filter)
                            .map(stats ->
                                    new TraceStats(stats.byStatus(), stats.newest(), stats.newest(), stats.capacity()));
                }
            }),
            Defect.inBackend(
                    "K7", "the first id of a further page is that of the page before", inner -> new Searching(inner) {
                        @Override
                        public Mono<List<String>> ids(@Nullable String after, int limit) {
                            return catalog.ids(after, limit)
                                    .map(ids -> after == null
                                            ? ids
                                            : Stream.concat(Stream.of(after), ids.stream())
                                                    .toList());
                        }
                    }),
            Defect.inBackend("K8", "the last description wins, whatever it stood on", LastWins::new),
            Defect.inBackend("K8", "what comes with the first entry is dropped", inner -> new ForwardingBackend(inner) {
                @Override
                public Mono<Set<String>> append(List<TraceAppend> batch) {
                    return inner.append(batch.stream()
                            .map(append -> new TraceAppend(append.traceId(), append.entries(), append.head()))
                            .toList());
                }
            }),
            Defect.inBackend("K8", "tags are of whoever tried last", TagsOfTheLast::new),
            Defect.inStore("K8", "to describe what is not there does no harm", inner -> new Decorated.Store(inner) {
                @Override
                public Mono<TraceTags> update(String traceId, UnaryOperator<TraceTags> change) {
                    return catalog.update(traceId, change)
                            .onErrorResume(TraceNotFoundException.class, e -> Mono.just(TraceTags.NONE));
                }
            }),
            Defect.inBackend("K9", "tags outlive their trace", TagsOutlive::new),
            Defect.inBackend("K9", "who still knows a trace writes on where it was", WritesOn::new),
            Defect.inBackend("K9", "what runs goes as well", DeletesWhatRuns::new),
            Defect.inBackend("K9", "two deletions both say that it was they", SaysItDid::new),
            Defect.inStore("K10", "what rests is not cleared", inner -> new Decorated.Store(inner) {
                @Override
                public Mono<Long> clear() {
                    return catalog.purge(PurgePolicy.ended()).reduce(0L, Long::sum);
                }
            }),
            Defect.inStore(
                    "K11",
                    "age is no matter",
                    inner -> purging(
                            inner,
                            policy -> new PurgePolicy(
                                    null,
                                    policy.statuses(),
                                    policy.keepNewest(),
                                    policy.ofEachWorkflow(),
                                    policy.batchSize()))),
            Defect.inStore(
                    "K11",
                    "of each workflow means of all",
                    inner -> purging(inner, policy -> policy.keeping(policy.keepNewest()))),
            Defect.inStore(
                    "K11", "all goes in one batch", inner -> purging(inner, policy -> policy.withBatchSize(1_000))),
            Defect.inStore("K11", "who leaves is not heard", inner -> new Decorated.Store(inner) {
                @Override
                public Flux<Long> purge(PurgePolicy policy) {
                    return catalog.purge(policy).collectList().flatMapIterable(counts -> counts);
                }
            }),
            Defect.inBackend("K11", "what others deleted is counted, too", SaysItDid::new));

    /** Makes a window as wide as it would be in a database. */
    private static final Duration ROUND_TRIP = Duration.ofMillis(5);

    private CatalogDefects() {}

    private interface Question {
        Mono<List<TraceHead>> ask(CatalogBackend inner, TraceQuery query);
    }

    private static Defect asking(String rule, String what, Question question) {
        return Defect.inBackend(rule, what, inner -> new Searching(inner) {
            @Override
            public Mono<List<TraceHead>> list(TraceQuery query) {
                return question.ask(catalog, query);
            }
        });
    }

    private static TraceQuery with(TraceQuery query, TraceFilter filter) {
        return new TraceQuery(filter, query.limit(), query.offset(), query.after());
    }

    private static TraceFilter withTags(TraceFilter filter, Map<String, String> tags) {
        return new TraceFilter(
                filter.workflows(), filter.statuses(), new TraceTags(tags), filter.createdFrom(), filter.createdTo());
    }

    private static Decorated.Store purging(ReactiveStore inner, UnaryOperator<PurgePolicy> bug) {
        return new Decorated.Store(inner) {
            @Override
            public Flux<Long> purge(PurgePolicy policy) {
                return catalog.purge(bug.apply(policy));
            }
        };
    }

    /** A backend that is its own catalog. */
    private static class Searching extends ForwardingBackend implements CatalogBackend {
        final CatalogBackend catalog;

        Searching(JournalBackend inner) {
            super(inner);
            this.catalog = inner.catalog().orElseThrow();
        }

        @Override
        public Optional<CatalogBackend> catalog() {
            return Optional.of(this);
        }

        @Override
        public Mono<List<TraceHead>> list(TraceQuery query) {
            return catalog.list(query);
        }

        @Override
        public Mono<List<Total>> totals(TraceFilter filter) {
            return catalog.totals(filter);
        }

        @Override
        public Mono<List<String>> ids(@Nullable String after, int limit) {
            return catalog.ids(after, limit);
        }

        @Override
        public Mono<String> nextWorkflow(@Nullable String after) {
            return catalog.nextWorkflow(after);
        }

        @Override
        public Mono<Map<String, Outline>> outlines(Collection<String> traceIds) {
            return catalog.outlines(traceIds);
        }

        @Override
        public Mono<Map<String, TraceTags>> tags(Collection<String> traceIds) {
            return catalog.tags(traceIds);
        }

        @Override
        public Mono<Boolean> replaceTags(String traceId, TraceTags expected, TraceTags next) {
            return catalog.replaceTags(traceId, expected, next);
        }

        @Override
        public Mono<Set<String>> delete(List<TraceHead> heads, Instant now) {
            return catalog.delete(heads, now);
        }
    }

    private static final class CountsTheVoid extends Searching {
        CountsTheVoid(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Map<String, Outline>> outlines(Collection<String> traceIds) {
            return catalog.outlines(traceIds)
                    .flatMapIterable(Map::entrySet)
                    .flatMap(outline -> inner.read(outline.getKey(), 0, 1_000)
                            .map(entries -> Map.entry(
                                    outline.getKey(),
                                    new Outline(
                                            entries.stream()
                                                    .map(JournalEntry::event)
                                                    .filter(StepRecorded.class::isInstance)
                                                    .count(),
                                            outline.getValue().output()))))
                    .collectMap(Map.Entry::getKey, Map.Entry::getValue);
        }
    }

    private static final class LastWins extends Searching {
        LastWins(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Map<String, TraceTags>> tags(Collection<String> traceIds) {
            return catalog.tags(traceIds).delayElement(ROUND_TRIP);
        }

        @Override
        public Mono<Boolean> replaceTags(String traceId, TraceTags expected, TraceTags next) {
            return catalog.tags(List.of(traceId))
                    .flatMap(now -> catalog.replaceTags(traceId, now.getOrDefault(traceId, TraceTags.NONE), next))
                    .repeat()
                    .filter(done -> done)
                    .next();
        }
    }

    /** As if the tags were in a table that deletion forgot. */
    private static final class TagsOutlive extends Searching {
        private final Map<String, TraceTags> left = new ConcurrentHashMap<>();

        TagsOutlive(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> replaceTags(String traceId, TraceTags expected, TraceTags next) {
            return catalog.replaceTags(traceId, expected, next).doOnNext(done -> left.put(traceId, next));
        }

        @Override
        public Mono<TraceHead> head(String traceId) {
            return inner.head(traceId)
                    .switchIfEmpty(Mono.defer(() -> left.containsKey(traceId)
                            ? Mono.just(new TraceHead(
                                    traceId, "order", "1", TraceStatus.SUCCESS, Instant.EPOCH, Instant.EPOCH))
                            : Mono.empty()));
        }
    }

    /** As if the key were all that an append meets, and nothing were left of it. */
    private static final class WritesOn extends Searching {
        WritesOn(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch)
                    .flatMap(leftOut -> Flux.fromIterable(batch)
                            .filter(append -> leftOut.contains(append.traceId()) && append.expectedPosition() > 0)
                            .filterWhen(append ->
                                    inner.head(append.traceId()).hasElement().map(there -> !there))
                            .map(TraceAppend::traceId)
                            .collect(Collectors.toSet())
                            .map(written -> leftOut.stream()
                                    .filter(id -> !written.contains(id))
                                    .collect(Collectors.toSet())));
        }
    }

    private static final class DeletesWhatRuns extends Searching {
        DeletesWhatRuns(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> delete(List<TraceHead> heads, Instant now) {
            return Flux.fromIterable(heads)
                    .filter(head -> head.holder() != null)
                    .concatMap(head -> inner.claims()
                            .orElseThrow()
                            .beat(Objects.requireNonNull(head.holder()), "x", Instant.EPOCH, Instant.EPOCH))
                    .then(catalog.delete(heads, now));
        }
    }

    private static final class SaysItDid extends Searching {
        SaysItDid(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<TraceHead>> list(TraceQuery query) {
            return catalog.list(query).delayElement(ROUND_TRIP);
        }

        @Override
        public Mono<Set<String>> delete(List<TraceHead> heads, Instant now) {
            return catalog.delete(heads, now)
                    .map(gone -> heads.stream()
                            .filter(head -> head.holder() == null)
                            .map(TraceHead::traceId)
                            .collect(Collectors.toSet()));
        }
    }

    /** Describes what somebody else has created. */
    private static final class TagsOfTheLast extends ForwardingBackend {
        TagsOfTheLast(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch)
                    .flatMap(leftOut -> Flux.fromIterable(batch)
                            .concatMap(append -> Flux.fromIterable(append.outgoing())
                                    .ofType(Outgoing.ToCatalog.class)
                                    .concatMap(this::describe))
                            .then(Mono.just(leftOut)));
        }

        private Mono<Boolean> describe(Outgoing.ToCatalog given) {
            CatalogBackend catalog = inner.catalog().orElseThrow();
            return catalog.tags(List.of(given.traceId()))
                    .flatMap(now -> catalog.replaceTags(
                            given.traceId(), now.getOrDefault(given.traceId(), TraceTags.NONE), given.tags()));
        }
    }
}
