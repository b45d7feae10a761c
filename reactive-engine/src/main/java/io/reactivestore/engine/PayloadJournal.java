package io.reactivestore.engine;

import io.reactivestore.catalog.TraceTags;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The journal as an engine sees it: what it writes goes by way of {@link Payloads}, and the decisions it reads come back by it. */
record PayloadJournal(Journal journal, Payloads payloads) implements Journal {

    @Override
    public Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events) {
        return payloads.writesPlain()
                ? journal.append(traceId, expectedPosition, events)
                : stored(traceId, events, stored -> journal.append(traceId, expectedPosition, stored));
    }

    @Override
    public Mono<Long> append(
            String traceId, long expectedPosition, List<JournalEvent> events, List<Outgoing> outgoing) {
        return payloads.writesPlain()
                ? journal.append(traceId, expectedPosition, events, outgoing)
                : stored(traceId, events, stored -> journal.append(traceId, expectedPosition, stored, outgoing));
    }

    @Override
    public Mono<Long> append(String traceId, List<JournalEvent> events) {
        return payloads.writesPlain()
                ? journal.append(traceId, events)
                : stored(traceId, events, stored -> journal.append(traceId, stored));
    }

    @Override
    public Mono<Long> replace(String traceId, long expectedPosition, List<JournalEvent> events) {
        return payloads.writesPlain()
                ? journal.replace(traceId, expectedPosition, events)
                : stored(traceId, events, stored -> journal.replace(traceId, expectedPosition, stored));
    }

    @Override
    public Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events) {
        return payloads.writesPlain()
                ? journal.appendAfter(traceId, seen, events)
                : stored(traceId, events, stored -> journal.appendAfter(traceId, seen, stored));
    }

    @Override
    public Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events, List<Outgoing> outgoing) {
        return payloads.writesPlain()
                ? journal.appendAfter(traceId, seen, events, outgoing)
                : stored(
                        traceId,
                        events,
                        stored -> payloads.leaving(outgoing)
                                .flatMap(leaving -> journal.appendAfter(traceId, seen, stored, leaving)));
    }

    private Mono<Long> stored(
            String traceId, List<JournalEvent> events, Function<List<JournalEvent>, Mono<Long>> append) {
        return Mono.defer(() -> payloads.stored(traceId, events)).flatMap(append);
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
    public Mono<Long> restore(String traceId, List<JournalEntry> entries, TraceTags tags) {
        return journal.restore(traceId, entries, tags);
    }

    @Override
    public Flux<JournalEntry> read(String traceId, long afterPosition) {
        return journal.read(traceId, afterPosition).concatMap(this::withDecision, 0);
    }

    @Override
    public Flux<JournalEntry> follow(String traceId, long afterPosition) {
        return journal.follow(traceId, afterPosition).concatMap(this::withDecision, 0);
    }

    /** Decisions are acted upon at once. */
    private Mono<JournalEntry> withDecision(JournalEntry entry) {
        return entry.event() instanceof JournalEvent.Intervened ? payloads.restored(entry) : Mono.just(entry);
    }
}
