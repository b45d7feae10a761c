package io.reactivestore.core;

import io.reactivestore.catalog.TraceTags;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.facts.FactReference;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.TraceAppend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The facet JOURNAL in terms of commands and pages. */
final class JournaledEntries implements Journal {

    private final Journals journals;
    private final TraceReader reader;
    private final GroupCommit commits;
    private final Exits exits;
    private final StoreConfig config;
    private final long writer;
    private final LiveHolders holders;
    private final @Nullable HashedFacts facts;

    JournaledEntries(
            Journals journals,
            TraceReader reader,
            GroupCommit commits,
            Exits exits,
            StoreConfig config,
            long writer,
            LiveHolders holders,
            @Nullable HashedFacts facts) {
        this.journals = journals;
        this.reader = reader;
        this.commits = commits;
        this.exits = exits;
        this.config = config;
        this.writer = writer;
        this.holders = holders;
        this.facts = facts;
    }

    @Override
    public Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events) {
        Check.traceId(traceId);
        Check.atLeast("expectedPosition", expectedPosition, 0);
        return submit(traceId, expectedPosition, events, Command.ALL_SEEN, List.of());
    }

    @Override
    public Mono<Long> append(
            String traceId, long expectedPosition, List<JournalEvent> events, List<Outgoing> outgoing) {
        Check.traceId(traceId);
        Check.atLeast("expectedPosition", expectedPosition, 0);
        List<Outgoing> checked = exits.check(traceId, expectedPosition, outgoing);
        return submit(traceId, expectedPosition, events, Command.ALL_SEEN, checked);
    }

    @Override
    public Mono<Long> append(String traceId, List<JournalEvent> events) {
        Check.traceId(traceId);
        return submit(traceId, Command.ANYWHERE, events, Command.ALL_SEEN, List.of());
    }

    @Override
    public Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events) {
        return appendAfter(traceId, seen, events, List.of());
    }

    @Override
    public Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events, List<Outgoing> outgoing) {
        Check.traceId(traceId);
        Check.atLeast("seen", seen, 0);
        return submit(traceId, Command.ANYWHERE, events, seen, exits.check(traceId, Command.ANYWHERE, outgoing));
    }

    @Override
    public Mono<Long> replace(String traceId, long expectedPosition, List<JournalEvent> events) {
        Check.traceId(traceId);
        Check.atLeast("expectedPosition", expectedPosition, 0);
        List<JournalEvent> story = EventList.checkStory(traceId, events, config);
        return holders.refuse(traceId).then(Mono.defer(() -> {
            List<JournalEvent> all = new ArrayList<>(story.size() + 1);
            all.add(new JournalEvent.Resumed(-1, config.clock().instant()));
            all.addAll(story);
            return commits.submit(() -> new Command(traceId, expectedPosition, all, null));
        }));
    }

    private Mono<Long> submit(
            String traceId, long expectedPosition, List<JournalEvent> events, long seen, List<Outgoing> outgoing) {
        List<JournalEvent> copy = EventList.check(traceId, events, config);
        return commits.submit(() -> new Command(traceId, expectedPosition, copy, null, seen, outgoing));
    }

    @Override
    public Mono<Long> fork(String traceId, long fromStep, String newTraceId) {
        return fork(traceId, fromStep, newTraceId, Set.of(), false);
    }

    @Override
    public Mono<Long> restart(String traceId, long fromStep, String newTraceId, Set<String> without) {
        return fork(traceId, fromStep, newTraceId, Set.copyOf(Check.present("without", without)), true);
    }

    private Mono<Long> fork(String traceId, long fromStep, String newTraceId, Set<String> without, boolean beginsNow) {
        Check.traceId(traceId);
        Check.atLeast("fromStep", fromStep, 0);
        Check.name("newTraceId", newTraceId, Check.TRACE_ID_CHARS);
        return reader.fold(traceId)
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)))
                .zipWhen(source -> exits.tagsOf(traceId, newTraceId), (source, tags) -> {
                    Instant now = config.clock().instant();
                    return new Fork(traceId, fromStep, newTraceId, now, without, beginsNow).of(source, tags);
                })
                .flatMap(command -> referring(newTraceId, HashedFacts.referredTo(command.events()))
                        .then(commits.submit(() -> command)));
    }

    /** A copy refers to its facts before it is there. */
    private Mono<Void> referring(String traceId, Set<FactReference> references) {
        return facts == null || references.isEmpty() ? Mono.empty() : facts.refer(traceId, references);
    }

    @Override
    public Mono<Long> restore(String traceId, List<JournalEntry> entries, TraceTags tags) {
        Check.traceId(traceId);
        List<Outgoing> described = Check.present("tags", tags).values().isEmpty()
                ? List.of()
                : exits.check(traceId, 0, List.of(new Outgoing.ToCatalog(traceId, tags)));
        List<JournalEntry> journal = Restoring.check(traceId, entries, config);
        Set<FactReference> references =
                HashedFacts.referredTo(journal.stream().map(JournalEntry::event).toList());
        return referring(traceId, references).then(Mono.defer(() -> {
            TraceAppend append = Restoring.of(
                    traceId, journal, described, writer, config.clock().instant());
            return journals.restore(append)
                    .flatMap(
                            isDone -> isDone ? Mono.just((long) append.entries().size()) : restored(traceId, journal));
        }));
    }

    /** An earlier try may have been heard by the database alone. */
    private Mono<Long> restored(String traceId, List<JournalEntry> journal) {
        return read(traceId, 0).collectList().flatMap(there -> {
            boolean isSame = there.size() <= journal.size() + 1
                    && there.size() >= journal.size()
                    && there.subList(0, journal.size()).equals(journal);
            return isSame
                    ? Mono.just((long) there.size())
                    : Mono.error(new PositionConflictException(traceId, 0, there.size()));
        });
    }

    @Override
    public Flux<JournalEntry> read(String traceId, long afterPosition) {
        Check.traceId(traceId);
        Check.atLeast("afterPosition", afterPosition, 0);
        return journals.read(traceId, afterPosition);
    }

    @Override
    public Flux<JournalEntry> follow(String traceId, long afterPosition) {
        Check.traceId(traceId);
        Check.atLeast("afterPosition", afterPosition, 0);
        return journals.follow(traceId, afterPosition);
    }
}
