package io.reactivestore.testkit;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.Intervention;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.ResumeCursor;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.catalog.PurgePolicy;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TracePage;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceStats;
import io.reactivestore.catalog.TraceSummary;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.claims.Claims;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Things that do what the thing inside does. A defect overrides the one method it breaks. */
final class Decorated {

    private Decorated() {}

    /** A store that is its own traces and its own facets. */
    static class Store implements ReactiveStore, PersistenceStore, Journal, Catalog, Claims {
        final PersistenceStore traces;
        final Journal journal;
        final Catalog catalog;
        final Claims claims;
        private final ReactiveStore inner;

        Store(ReactiveStore inner) {
            this.inner = inner;
            this.traces = inner.traces();
            this.journal = inner.require(Capability.JOURNAL);
            this.catalog = inner.require(Capability.CATALOG);
            this.claims = inner.require(Capability.CLAIMS);
        }

        @Override
        public PersistenceStore traces() {
            return this;
        }

        @Override
        public Set<Capability<?>> capabilities() {
            return inner.capabilities();
        }

        @Override
        public <F> Optional<F> find(Capability<F> capability) {
            Class<F> type = capability.type();
            return inner.find(capability).map(facet -> type.isInstance(this) ? type.cast(this) : facet);
        }

        @Override
        public Mono<Void> close() {
            return inner.close();
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return traces.append(envelope);
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId);
        }

        @Override
        public Mono<ResumeCursor> resume(String traceId, long fromStep) {
            return traces.resume(traceId, fromStep);
        }

        @Override
        public Mono<Void> complete(String traceId, Completion completion) {
            return traces.complete(traceId, completion);
        }

        @Override
        public Mono<Void> saveIntervention(String traceId, Intervention intervention) {
            return traces.saveIntervention(traceId, intervention);
        }

        @Override
        public Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events) {
            return journal.append(traceId, expectedPosition, events);
        }

        @Override
        public Mono<Long> append(
                String traceId, long expectedPosition, List<JournalEvent> events, List<Outgoing> outgoing) {
            return journal.append(traceId, expectedPosition, events, outgoing);
        }

        @Override
        public Mono<Long> append(String traceId, List<JournalEvent> events) {
            return journal.append(traceId, events);
        }

        @Override
        public Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events) {
            return journal.appendAfter(traceId, seen, events);
        }

        @Override
        public Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events, List<Outgoing> outgoing) {
            return journal.appendAfter(traceId, seen, events, outgoing);
        }

        @Override
        public Mono<Long> replace(String traceId, long expectedPosition, List<JournalEvent> events) {
            return journal.replace(traceId, expectedPosition, events);
        }

        @Override
        public Mono<Long> restore(String traceId, List<JournalEntry> entries, TraceTags tags) {
            return journal.restore(traceId, entries, tags);
        }

        @Override
        public Mono<Long> fork(String traceId, long fromStep, String newTraceId) {
            return journal.fork(traceId, fromStep, newTraceId);
        }

        @Override
        public Mono<Long> restart(String traceId, long fromStep, String newTraceId, Set<String> without) {
            return journal.restart(traceId, fromStep, newTraceId, without);
        }

        @Override
        public Flux<JournalEntry> read(String traceId, long afterPosition) {
            return journal.read(traceId, afterPosition);
        }

        @Override
        public Flux<JournalEntry> follow(String traceId, long afterPosition) {
            return journal.follow(traceId, afterPosition);
        }

        @Override
        public Mono<TraceHead> find(String traceId) {
            return catalog.find(traceId);
        }

        @Override
        public Flux<TraceHead> recent(int limit) {
            return catalog.recent(limit);
        }

        @Override
        public Flux<TraceHead> list(TraceQuery query) {
            return catalog.list(query);
        }

        @Override
        public Mono<TracePage> page(TraceQuery query) {
            return catalog.page(query);
        }

        @Override
        public Mono<Long> count(TraceFilter filter) {
            return catalog.count(filter);
        }

        @Override
        public Flux<TraceSummary> summaries(TraceQuery query) {
            return catalog.summaries(query);
        }

        @Override
        public Mono<TraceStats> stats(TraceFilter filter) {
            return catalog.stats(filter);
        }

        @Override
        public Flux<String> ids() {
            return catalog.ids();
        }

        @Override
        public Mono<TraceTags> tags(String traceId) {
            return catalog.tags(traceId);
        }

        @Override
        public Mono<TraceTags> update(String traceId, UnaryOperator<TraceTags> change) {
            return catalog.update(traceId, change);
        }

        @Override
        public Mono<Boolean> delete(String traceId) {
            return catalog.delete(traceId);
        }

        @Override
        public Mono<Long> clear() {
            return catalog.clear();
        }

        @Override
        public Flux<Long> purge(PurgePolicy policy) {
            return catalog.purge(policy);
        }

        @Override
        public long writer() {
            return claims.writer();
        }

        @Override
        public Mono<Void> beat(String name, Instant until, Instant now) {
            return claims.beat(name, until, now);
        }

        @Override
        public Mono<Void> leave() {
            return claims.leave();
        }

        @Override
        public Flux<TraceHead> due(Collection<String> workflows, Instant now, Instant reservedUntil, int limit) {
            return claims.due(workflows, now, reservedUntil, limit);
        }

        @Override
        public Mono<PersistedTrace> claim(TraceHead due, String owner) {
            return claims.claim(due, owner);
        }

        @Override
        public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
            return claims.positions(traceIds);
        }

        @Override
        public Flux<String> hints() {
            return claims.hints();
        }
    }

    static class Cataloguing implements CatalogBackend {
        final CatalogBackend inner;

        Cataloguing(CatalogBackend inner) {
            this.inner = inner;
        }

        @Override
        public Mono<List<TraceHead>> list(TraceQuery query) {
            return inner.list(query);
        }

        @Override
        public Mono<List<Total>> totals(TraceFilter filter) {
            return inner.totals(filter);
        }

        @Override
        public Mono<List<String>> ids(@Nullable String after, int limit) {
            return inner.ids(after, limit);
        }

        @Override
        public Mono<String> nextWorkflow(@Nullable String after) {
            return inner.nextWorkflow(after);
        }

        @Override
        public Mono<Map<String, Outline>> outlines(Collection<String> traceIds) {
            return inner.outlines(traceIds);
        }

        @Override
        public Mono<Map<String, TraceTags>> tags(Collection<String> traceIds) {
            return inner.tags(traceIds);
        }

        @Override
        public Mono<Boolean> replaceTags(String traceId, TraceTags expected, TraceTags next) {
            return inner.replaceTags(traceId, expected, next);
        }

        @Override
        public Mono<Set<String>> delete(List<TraceHead> heads, Instant now) {
            return inner.delete(heads, now);
        }
    }

    static class Facts implements FactBackend {
        final FactBackend inner;

        Facts(FactBackend inner) {
            this.inner = inner;
        }

        @Override
        public Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
            return inner.put(content, note, now);
        }

        @Override
        public Mono<List<Sha256>> note(Collection<Note> notes, Instant now) {
            return inner.note(notes, now);
        }

        @Override
        public Mono<Payload> get(Sha256 key) {
            return inner.get(key);
        }

        @Override
        public Mono<List<Sha256>> references(String traceId) {
            return inner.references(traceId);
        }

        @Override
        public Mono<Long> sweep(Instant before, int limit) {
            return inner.sweep(before, limit);
        }
    }

    /** A backend that writes other events than it was given. */
    abstract static class Rewriting extends ForwardingBackend {
        Rewriting(JournalBackend inner) {
            super(inner);
        }

        abstract JournalEvent rewritten(JournalEvent event);

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch.stream()
                    .map(append -> new TraceAppend(
                            append.traceId(),
                            append.entries().stream()
                                    .map(entry -> new JournalEntry(
                                            entry.traceId(),
                                            entry.position(),
                                            entry.writer(),
                                            rewritten(entry.event())))
                                    .toList(),
                            append.head(),
                            append.outgoing()))
                    .toList());
        }
    }
}
