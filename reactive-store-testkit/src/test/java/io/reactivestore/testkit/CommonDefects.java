package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.note;

import io.reactivestore.Completion;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.ResumeCursor;
import io.reactivestore.TraceHead;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.StoreClosedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Bugs that break C1 to C7. */
final class CommonDefects {

    static final List<Defect> ALL = List.of(
            Defect.inStore("C1", "an append is queued at the call", QueuesAtTheCall::new),
            Defect.inStore("C1", "a resume remembers its first answer", RemembersItsAnswer::new),
            Defect.inStore("C1", "a load reads at the call", ReadsAtTheCall::new),
            Defect.inStore("C2", "a conflict leaves a note in the journal", NotesConflicts::new)
                    .alsoShownByHistories(),
            Defect.inStore("C2", "a resume out of range takes the trace over", ClaimsBeforeItChecks::new)
                    .alsoShownByHistories(),
            Defect.inStore("C3", "a list is written in two commits", WritesInTwoCommits::new),
            Defect.ofConnections("C3", "a load gives its connection back on every end but cancel", LeaksOnCancel::new),
            Defect.inStore("C4", "to end an unknown trace updates no row and says nothing", UpdatesNoRow::new)
                    .alsoShownByHistories(),
            Defect.inStore("C4", "an id is compared without regard to spaces", TrimsIds::new),
            Defect.inStore("C5", "an id is checked inside the pipeline", ChecksLate::new),
            Defect.inStore("C5", "a limit of nothing gives nothing", TakesAnyLimit::new),
            Defect.inStore("C5", "a closed store is seen at the call", ThrowsWhenClosed::new),
            Defect.inBackend("C6", "JSON is kept without the spaces around it", StripsJson::new),
            Defect.inBackend("C6", "an empty payload is read as none", ReadsEmptyAsNone::new),
            Defect.inBackend("C7", "an entry goes to the end of the journal, wherever that is", AppendsAnywhere::new)
                    .alsoShownByHistories(),
            Defect.inBackend("C7", "the end is read, and then the entries are written", ReadsThenWrites::new));

    private CommonDefects() {}

    private static final class QueuesAtTheCall extends Decorated.Store {
        QueuesAtTheCall(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return Mono.fromFuture(traces.append(envelope).toFuture());
        }
    }

    private static final class RemembersItsAnswer extends Decorated.Store {
        RemembersItsAnswer(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<ResumeCursor> resume(String traceId, long fromStep) {
            return traces.resume(traceId, fromStep).cache();
        }
    }

    private static final class ReadsAtTheCall extends Decorated.Store {
        ReadsAtTheCall(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return Mono.fromFuture(traces.load(traceId).toFuture());
        }
    }

    private static final class NotesConflicts extends Decorated.Store {
        NotesConflicts(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return traces.append(envelope)
                    .onErrorResume(
                            StepConflictException.class,
                            conflict -> journal.append(envelope.traceId(), 0, List.of())
                                    .flatMap(end -> journal.append(envelope.traceId(), end, List.of(note("conflict"))))
                                    .then(Mono.error(conflict)));
        }
    }

    private static final class ClaimsBeforeItChecks extends Decorated.Store {
        ClaimsBeforeItChecks(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<ResumeCursor> resume(String traceId, long fromStep) {
            return traces.resume(traceId, fromStep)
                    .onErrorResume(
                            ResumeOutOfRangeException.class,
                            refusal -> journal.append(traceId, 0, List.of())
                                    .flatMap(end -> journal.append(traceId, end, List.of(Samples.claim("me"))))
                                    .then(Mono.error(refusal)));
        }
    }

    private static final class WritesInTwoCommits extends Decorated.Store {
        WritesInTwoCommits(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events) {
            Mono<Long> whole = journal.append(traceId, expectedPosition, events);
            if (events.size() < 2) {
                return whole;
            }
            return journal.append(traceId, expectedPosition, events.subList(0, 1))
                    .delayElement(Duration.ofMillis(2)) // as a database takes for a commit
                    .flatMap(end -> journal.append(traceId, end, events.subList(1, events.size())));
        }
    }

    private static final class LeaksOnCancel extends Decorated.Store {
        private final AtomicInteger inUse;

        LeaksOnCancel(ReactiveStore inner, AtomicInteger inUse) {
            super(inner);
            this.inUse = inUse;
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId)
                    .doOnSubscribe(subscription -> inUse.incrementAndGet())
                    .doOnTerminate(inUse::decrementAndGet);
        }
    }

    private static final class UpdatesNoRow extends Decorated.Store {
        UpdatesNoRow(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Void> complete(String traceId, Completion completion) {
            return traces.complete(traceId, completion).onErrorComplete(TraceNotFoundException.class);
        }
    }

    private static final class TrimsIds extends Decorated.Store {
        TrimsIds(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId.isBlank() ? traceId : traceId.stripTrailing());
        }
    }

    private static final class ChecksLate extends Decorated.Store {
        ChecksLate(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<ResumeCursor> resume(String traceId, long fromStep) {
            return Mono.defer(() -> traces.resume(traceId, fromStep));
        }
    }

    private static final class TakesAnyLimit extends Decorated.Store {
        TakesAnyLimit(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Flux<TraceHead> recent(int limit) {
            return limit == 0 ? Flux.empty() : catalog.recent(limit);
        }
    }

    private static final class ThrowsWhenClosed extends Decorated.Store {
        private volatile boolean closed;

        ThrowsWhenClosed(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Void> close() {
            return super.close().doOnSubscribe(subscription -> closed = true);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            if (closed) {
                throw new StoreClosedException(envelope.traceId());
            }
            return traces.append(envelope);
        }
    }

    private static final class StripsJson extends Decorated.Rewriting {
        StripsJson(JournalBackend inner) {
            super(inner);
        }

        @Override
        JournalEvent rewritten(JournalEvent event) {
            Payload payload = event.payload();
            if (!(event instanceof JournalEvent.StepRecorded step)
                    || payload == null
                    || !payload.mediaType().equals(Payload.JSON)) {
                return event;
            }
            byte[] stripped = payload.asText().strip().getBytes(StandardCharsets.UTF_8);
            return new JournalEvent.StepRecorded(step.envelope().withPayload(Payload.owning(stripped, Payload.JSON)));
        }
    }

    private static final class ReadsEmptyAsNone extends Decorated.Rewriting {
        ReadsEmptyAsNone(JournalBackend inner) {
            super(inner);
        }

        @Override
        JournalEvent rewritten(JournalEvent event) {
            return event instanceof JournalEvent.Intervened decided
                            && event.payload() != null
                            && event.payload().size() == 0
                    ? new JournalEvent.Intervened(decided.intervention().withPayload(null))
                    : event;
        }
    }

    /** INSERT ... SELECT max(position) + 1. */
    private static final class AppendsAnywhere extends ForwardingBackend {
        AppendsAnywhere(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return inner.append(batch)
                    .flatMap(leftOut -> Flux.fromIterable(batch)
                            .filter(append -> leftOut.contains(append.traceId()) && append.expectedPosition() > 0)
                            .concatMap(this::atTheEnd)
                            .then(Mono.just(startsOf(batch, leftOut))));
        }

        private static Set<String> startsOf(List<TraceAppend> batch, Set<String> leftOut) {
            Map<String, TraceAppend> starts = new HashMap<>();
            batch.stream()
                    .filter(append -> append.expectedPosition() == 0 && leftOut.contains(append.traceId()))
                    .forEach(append -> starts.put(append.traceId(), append));
            return starts.keySet();
        }

        private Mono<Set<String>> atTheEnd(TraceAppend append) {
            return inner.read(append.traceId(), 0, Integer.MAX_VALUE)
                    .flatMap(journal -> inner.append(List.of(moved(append, journal.size()))))
                    .repeat(10)
                    .takeUntil(Set::isEmpty)
                    .last();
        }
    }

    private static TraceAppend moved(TraceAppend append, int end) {
        List<JournalEntry> moved = new ArrayList<>();
        for (JournalEntry entry : append.entries()) {
            moved.add(new JournalEntry(entry.traceId(), end + moved.size() + 1, entry.writer(), entry.event()));
        }
        return new TraceAppend(append.traceId(), moved, append.head());
    }

    /** Looks whether the place is free, and if it was, writes at what is the end by then. */
    private static final class ReadsThenWrites extends ForwardingBackend {
        ReadsThenWrites(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Set<String>> append(List<TraceAppend> batch) {
            return Flux.fromIterable(batch)
                    .concatMap(append -> inner.read(append.traceId(), append.expectedPosition(), 1)
                            .publishOn(Schedulers.parallel())
                            .flatMap(behind -> behind.isEmpty() ? write(append) : inner.append(List.of(append))))
                    .collectList()
                    .map(sets -> {
                        Set<String> leftOut = ConcurrentHashMap.newKeySet();
                        sets.forEach(leftOut::addAll);
                        return leftOut;
                    });
        }

        private Mono<Set<String>> write(TraceAppend append) {
            return inner.append(List.of(append))
                    .flatMap(leftOut -> leftOut.isEmpty() || append.expectedPosition() == 0
                            ? Mono.just(leftOut)
                            : inner.read(append.traceId(), 0, Integer.MAX_VALUE)
                                    .flatMap(journal -> inner.append(List.of(moved(append, journal.size())))));
        }
    }
}
