package io.reactivestore.testkit;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.InterventionRecord;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.ResumeCursor;
import io.reactivestore.TraceHead;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PayloadCorruptedException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.WorkflowMismatchException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.spi.JournalBackend;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bugs that break T1 to T12. */
final class TraceDefects {

    static final List<Defect> ALL = List.of(
            Defect.inStore("T1", "an append emits the number of steps so far", CountsSteps::new)
                    .alsoShownByHistories(),
            Defect.inStore("T1", "the head shows the newest version", ShowsTheNewestVersion::new)
                    .alsoShownByHistories(),
            Defect.inStore("T2", "workflows are compared without regard to case", IgnoresCase::new),
            Defect.inStore("T3", "no payload is like any payload", TakesNoneForAny::new)
                    .alsoShownByHistories(),
            Defect.inStore("T3", "the outcome is no part of what makes a step the same", ForgetsTheOutcome::new)
                    .alsoShownByHistories(),
            Defect.inStore("T4", "a step on record is absorbed after completion", AbsorbsAfterTheEnd::new)
                    .alsoShownByHistories(),
            Defect.inStore("T5", "load sorts by step", SortsBySteps::new).alsoShownByHistories(),
            Defect.inStore("T6", "minus one keeps step 0", KeepsStepZero::new).alsoShownByHistories(),
            Defect.inStore("T6", "the anchor may be that of a fault", AnchorsAtFaults::new)
                    .alsoShownByHistories(),
            Defect.inStore("T6", "what is void is still taken for a duplicate", RemembersTheVoid::new)
                    .alsoShownByHistories(),
            Defect.inStore("T6", "the resume point stays for ever", KeepsTheResumePoint::new)
                    .alsoShownByHistories(),
            Defect.inStore("T6", "what lies beyond is not void", ShowsTheVoid::new)
                    .alsoShownByHistories(),
            Defect.inStore("T7", "whatever follows a fault is absorbed", AbsorbsAfterAFault::new)
                    .alsoShownByHistories(),
            Defect.inStore("T7", "the last result of the same end wins", OverwritesTheResult::new),
            Defect.inStore("T8", "each envelope of its node applies a decision again", AppliesAgain::new)
                    .alsoShownByHistories(),
            Defect.inStore("T8", "a decision is pending again once its step is void", ForgetsWhatWasApplied::new)
                    .alsoShownByHistories(),
            Defect.inBackend("T9", "times are kept to the millisecond", KeepsMilliseconds::new),
            Defect.inBackend("T9", "a fault has no idempotency key", DropsKeysOfFaults::new),
            Defect.inStore("T10", "to complete takes the trace back", TakesTheTraceBack::new)
                    .alsoShownByHistories(),
            Defect.inStore("T11", "a list is written entry by entry", WritesEntryByEntry::new),
            Defect.inStore("T12", "damage is hidden by what was read before", ReadsFromMemory::new));

    private TraceDefects() {}

    private static PersistedTrace with(PersistedTrace trace, TraceHead head, List<PersistenceEnvelope> envelopes) {
        return new PersistedTrace(
                head,
                envelopes,
                trace.interventions(),
                trace.resumedFromStep(),
                trace.resumptionCount(),
                trace.lastResumedAt(),
                trace.completion(),
                trace.position(),
                trace.claimsSinceProgress());
    }

    private static boolean sameStep(PersistenceEnvelope one, PersistenceEnvelope other) {
        return one.step() == other.step()
                && one.nodeId().equals(other.nodeId())
                && one.attempt() == other.attempt()
                && Objects.equals(one.payloadHash(), other.payloadHash());
    }

    private static final class CountsSteps extends Decorated.Store {
        CountsSteps(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return traces.append(envelope)
                    .flatMap(position -> journal.read(envelope.traceId(), 0)
                            .take(position)
                            .filter(entry -> entry.event() instanceof StepRecorded)
                            .count());
        }
    }

    private static final class ShowsTheNewestVersion extends Decorated.Store {
        ShowsTheNewestVersion(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId).map(trace -> trace.envelopes().isEmpty() ? trace : newest(trace));
        }

        private static PersistedTrace newest(PersistedTrace trace) {
            TraceHead head = trace.head();
            String version = trace.envelopes().get(trace.envelopes().size() - 1).version();
            return with(
                    trace,
                    new TraceHead(
                            head.traceId(),
                            head.workflow(),
                            version,
                            head.status(),
                            head.holder(),
                            head.dueAt(),
                            head.createdAt(),
                            head.updatedAt()),
                    trace.envelopes());
        }
    }

    private static final class IgnoresCase extends Decorated.Store {
        IgnoresCase(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return traces.append(envelope)
                    .onErrorResume(
                            WorkflowMismatchException.class,
                            refusal -> refusal.recorded().equalsIgnoreCase(refusal.given())
                                    ? traces.append(Samples.ofWorkflow(refusal.recorded(), envelope))
                                    : Mono.error(refusal));
        }
    }

    private static final class TakesNoneForAny extends Decorated.Store {
        TakesNoneForAny(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return traces.append(envelope)
                    .onErrorResume(
                            StepConflictException.class,
                            refusal ->
                                    envelope.payload() == null ? Mono.just(refusal.position()) : Mono.error(refusal));
        }
    }

    /** Answers with the position of an entry that it takes for the same. */
    private abstract static class Absorbing extends Decorated.Store {
        Absorbing(ReactiveStore inner) {
            super(inner);
        }

        final Mono<Long> place(PersistenceEnvelope envelope) {
            return journal.read(envelope.traceId(), 0)
                    .filter(entry ->
                            entry.event() instanceof StepRecorded recorded && isTheSame(recorded.envelope(), envelope))
                    .next()
                    .map(JournalEntry::position);
        }

        boolean isTheSame(PersistenceEnvelope recorded, PersistenceEnvelope given) {
            return sameStep(recorded, given) && recorded.outcome() == given.outcome();
        }
    }

    private static final class ForgetsTheOutcome extends Absorbing {
        ForgetsTheOutcome(ReactiveStore inner) {
            super(inner);
        }

        @Override
        boolean isTheSame(PersistenceEnvelope recorded, PersistenceEnvelope given) {
            return sameStep(recorded, given) && recorded.outcome() != given.outcome();
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return place(envelope).switchIfEmpty(Mono.defer(() -> traces.append(envelope)));
        }
    }

    private static final class AbsorbsAfterTheEnd extends Absorbing {
        AbsorbsAfterTheEnd(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return traces.append(envelope)
                    .onErrorResume(
                            TraceCompletedException.class,
                            refusal -> place(envelope).switchIfEmpty(Mono.error(refusal)));
        }
    }

    private static final class RemembersTheVoid extends Absorbing {
        RemembersTheVoid(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return traces.load(envelope.traceId())
                    .filter(trace -> trace.resumptionCount() > 0 && trace.completion() == null)
                    .flatMap(trace -> place(envelope))
                    .switchIfEmpty(Mono.defer(() -> traces.append(envelope)));
        }
    }

    private static final class SortsBySteps extends Decorated.Store {
        SortsBySteps(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId)
                    .map(trace -> with(
                            trace,
                            trace.head(),
                            trace.envelopes().stream()
                                    .sorted(Comparator.comparingLong(PersistenceEnvelope::step))
                                    .toList()));
        }
    }

    private static final class KeepsStepZero extends Decorated.Store {
        KeepsStepZero(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<ResumeCursor> resume(String traceId, long fromStep) {
            Mono<ResumeCursor> resuming = traces.resume(traceId, fromStep);
            return fromStep >= 0
                    ? resuming
                    : traces.resume(traceId, 0)
                            .onErrorResume(error -> resuming)
                            .map(cursor -> new ResumeCursor(
                                    traceId,
                                    0,
                                    cursor.position(),
                                    null,
                                    cursor.version(),
                                    cursor.resumptionCount(),
                                    cursor.pendingInterventions()));
        }
    }

    private static final class AnchorsAtFaults extends Decorated.Store {
        AnchorsAtFaults(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<ResumeCursor> resume(String traceId, long fromStep) {
            return traces.resume(traceId, fromStep)
                    .flatMap(cursor -> traces.load(traceId)
                            .map(trace -> trace.envelopes().stream()
                                    .filter(envelope -> envelope.payload() != null)
                                    .max(Comparator.comparingLong(PersistenceEnvelope::step))
                                    .map(envelope -> new ResumeCursor(
                                            traceId,
                                            cursor.nextStep(),
                                            cursor.position(),
                                            envelope.payload(),
                                            cursor.version(),
                                            cursor.resumptionCount(),
                                            cursor.pendingInterventions()))
                                    .orElse(cursor)));
        }
    }

    private static final class KeepsTheResumePoint extends Decorated.Store {
        KeepsTheResumePoint(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId)
                    .flatMap(trace -> journal.read(traceId, 0)
                            .filter(entry -> entry.event() instanceof Resumed)
                            .map(entry -> ((Resumed) entry.event()).fromStep())
                            .takeLast(1)
                            .next()
                            .map(fromStep -> new PersistedTrace(
                                    trace.head(),
                                    trace.envelopes(),
                                    trace.interventions(),
                                    fromStep,
                                    trace.resumptionCount(),
                                    trace.lastResumedAt(),
                                    trace.completion(),
                                    trace.position(),
                                    trace.claimsSinceProgress()))
                            .defaultIfEmpty(trace));
        }
    }

    private static final class ShowsTheVoid extends Decorated.Store {
        ShowsTheVoid(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId)
                    .flatMap(trace -> journal.read(traceId, 0)
                            .filter(entry -> entry.event() instanceof StepRecorded)
                            .map(entry -> ((StepRecorded) entry.event()).envelope())
                            .collectList()
                            .map(envelopes -> with(trace, trace.head(), envelopes)));
        }
    }

    private static final class AbsorbsAfterAFault extends Decorated.Store {
        AbsorbsAfterAFault(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Void> complete(String traceId, Completion completion) {
            return traces.complete(traceId, completion)
                    .onErrorComplete(error -> error instanceof TraceCompletedException refusal
                            && refusal.state() == CompletionState.FAULT);
        }
    }

    private static final class OverwritesTheResult extends Decorated.Store {
        private final Map<String, Completion> newest = new ConcurrentHashMap<>();

        OverwritesTheResult(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Void> complete(String traceId, Completion completion) {
            return traces.complete(traceId, completion)
                    .doOnSuccess(done -> newest.put(traceId, completion))
                    .then(traces.load(traceId))
                    .then();
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId)
                    .map(trace -> new PersistedTrace(
                            trace.head(),
                            trace.envelopes(),
                            trace.interventions(),
                            trace.resumedFromStep(),
                            trace.resumptionCount(),
                            trace.lastResumedAt(),
                            newest.getOrDefault(traceId, trace.completion()),
                            trace.position(),
                            trace.claimsSinceProgress()));
        }
    }

    /** Finds the applying envelope in a way of its own. */
    private abstract static class Applying extends Decorated.Store {
        Applying(ReactiveStore inner) {
            super(inner);
        }

        abstract InterventionRecord judged(InterventionRecord record, PersistedTrace trace, List<JournalEntry> journal);

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId)
                    .flatMap(trace -> journal.read(traceId, 0)
                            .collectList()
                            .map(journal -> new PersistedTrace(
                                    trace.head(),
                                    trace.envelopes(),
                                    trace.interventions().stream()
                                            .map(record -> judged(record, trace, journal))
                                            .toList(),
                                    trace.resumedFromStep(),
                                    trace.resumptionCount(),
                                    trace.lastResumedAt(),
                                    trace.completion(),
                                    trace.position(),
                                    trace.claimsSinceProgress())));
        }
    }

    private static final class AppliesAgain extends Applying {
        AppliesAgain(ReactiveStore inner) {
            super(inner);
        }

        @Override
        InterventionRecord judged(InterventionRecord record, PersistedTrace trace, List<JournalEntry> journal) {
            InterventionRecord newest = record;
            for (JournalEntry entry : journal) {
                if (entry.position() > record.position()
                        && entry.event() instanceof StepRecorded step
                        && step.envelope().nodeId().equals(record.intervention().targetNode())) {
                    newest = new InterventionRecord(
                            record.intervention(),
                            record.position(),
                            entry.position(),
                            step.envelope().step());
                }
            }
            return newest;
        }
    }

    private static final class ForgetsWhatWasApplied extends Applying {
        ForgetsWhatWasApplied(ReactiveStore inner) {
            super(inner);
        }

        @Override
        InterventionRecord judged(InterventionRecord record, PersistedTrace trace, List<JournalEntry> journal) {
            return record.appliedByStep() != null && record.appliedByStep() > trace.lastStep()
                    ? new InterventionRecord(record.intervention(), record.position(), null, null)
                    : record;
        }
    }

    private static final class KeepsMilliseconds extends Decorated.Rewriting {
        KeepsMilliseconds(JournalBackend inner) {
            super(inner);
        }

        @Override
        JournalEvent rewritten(JournalEvent event) {
            return event instanceof JournalEvent.Completed completed
                    ? new JournalEvent.Completed(new Completion(
                            completed.completion().state(),
                            completed.at().truncatedTo(ChronoUnit.MILLIS),
                            completed.completion().result(),
                            completed.completion().failure()))
                    : event;
        }
    }

    private static final class DropsKeysOfFaults extends Decorated.Rewriting {
        DropsKeysOfFaults(JournalBackend inner) {
            super(inner);
        }

        @Override
        JournalEvent rewritten(JournalEvent event) {
            return event instanceof StepRecorded step && step.envelope().failure() != null
                    ? new StepRecorded(step.envelope().withIdempotencyKey(null))
                    : event;
        }
    }

    private static final class TakesTheTraceBack extends Decorated.Store {
        TakesTheTraceBack(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Void> complete(String traceId, Completion completion) {
            return traces.complete(traceId, completion)
                    .onErrorResume(
                            ClaimLostException.class,
                            lost -> traces.load(traceId)
                                    .filter(trace -> trace.completion() == null)
                                    .switchIfEmpty(Mono.error(lost))
                                    .flatMap(trace -> traces.resume(traceId, trace.lastStep()))
                                    .then(traces.complete(traceId, completion)));
        }
    }

    private static final class WritesEntryByEntry extends Decorated.Store {
        WritesEntryByEntry(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events) {
            Mono<Long> whole = journal.append(traceId, expectedPosition, events);
            if (events.size() < 2) {
                return whole;
            }
            List<Mono<Long>> singles = new ArrayList<>();
            events.forEach(event -> singles.add(journal.append(traceId, 0, List.of())
                    .flatMap(end ->
                            journal.append(traceId, event == events.get(0) ? expectedPosition : end, List.of(event)))));
            return Flux.concat(singles).last();
        }
    }

    private static final class ReadsFromMemory extends Decorated.Store {
        private final Map<String, PersistedTrace> read = new ConcurrentHashMap<>();

        ReadsFromMemory(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return traces.load(traceId)
                    .doOnNext(trace -> read.put(traceId, trace))
                    .onErrorResume(
                            PayloadCorruptedException.class,
                            damage -> Mono.justOrEmpty(read.get(traceId)).switchIfEmpty(Mono.error(damage)));
        }
    }
}
