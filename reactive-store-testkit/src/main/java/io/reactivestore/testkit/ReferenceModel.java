package io.reactivestore.testkit;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ResumeCursor;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.error.WorkflowMismatchException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules said once more, as plainly as they can be: a list of entries for each trace, and every question answered by looking
 * through that list. Shares no code with the store, knows no cache, no page and no thread.
 */
final class ReferenceModel {

    /** The time of every resume: stores take theirs from a clock, so a comparison must put it aside. */
    static final Instant SOME_TIME = Instant.EPOCH;

    private final Map<String, List<JournalEntry>> journals = new HashMap<>();

    long append(long writer, PersistenceEnvelope envelope) {
        List<JournalEntry> journal = journal(envelope.traceId());
        Optional<JournalEntry> recorded = judge(writer, journal, new StepRecorded(envelope));
        return recorded.isPresent()
                ? recorded.get().position()
                : write(writer, envelope.traceId(), new StepRecorded(envelope));
    }

    long append(long writer, String traceId, long expectedPosition, List<JournalEvent> events) {
        List<JournalEntry> journal = journal(traceId);
        if (!events.isEmpty() && expectedPosition != journal.size()) {
            throw new PositionConflictException(traceId, expectedPosition, journal.size());
        }
        List<JournalEvent> missing = new ArrayList<>();
        for (JournalEvent event : events) {
            boolean createsTheTrace = journal.isEmpty() && !missing.isEmpty();
            if (!createsTheTrace && !(event instanceof StepRecorded) && journal.isEmpty()) {
                throw new TraceNotFoundException(traceId);
            }
            if (journal.isEmpty() || judge(writer, journal, event).isEmpty()) {
                missing.add(event);
            }
        }
        missing.forEach(event -> write(writer, traceId, event));
        return journal(traceId).size();
    }

    /** Behind whatever stands there: the position of the last event, wherever it stands. */
    long append(long writer, String traceId, List<JournalEvent> events) {
        List<JournalEntry> before = List.copyOf(journal(traceId));
        long end = append(writer, traceId, before.size(), events);
        if (events.isEmpty() || before.isEmpty()) {
            return end;
        }
        return judge(writer, before, events.get(events.size() - 1))
                .map(JournalEntry::position)
                .orElse(end);
    }

    ResumeCursor resume(long writer, String traceId, long fromStep) {
        List<JournalEntry> journal = known(traceId);
        refuseIfCompleted(traceId, journal);
        long highest = highest(valid(journal)).map(PersistenceEnvelope::step).orElse(-1L);
        if (fromStep > highest) {
            throw new ResumeOutOfRangeException(traceId, fromStep, highest);
        }
        long position = write(writer, traceId, new Resumed(fromStep, SOME_TIME));
        List<PersistenceEnvelope> kept = valid(journal);
        Payload anchor = highest(kept.stream()
                        .filter(envelope -> envelope.outcome() == Outcome.SUCCESS && envelope.payload() != null)
                        .toList())
                .map(PersistenceEnvelope::payload)
                .orElse(null);
        PersistedTrace trace = load(traceId).orElseThrow();
        String version = highest(kept)
                .map(PersistenceEnvelope::version)
                .orElse(trace.head().version());
        return new ResumeCursor(
                traceId,
                fromStep + 1,
                position,
                anchor,
                version,
                trace.resumptionCount(),
                trace.pendingInterventions());
    }

    void complete(long writer, String traceId, Completion completion) {
        if (judge(writer, known(traceId), new Completed(completion)).isEmpty()) {
            write(writer, traceId, new Completed(completion));
        }
    }

    void saveIntervention(long writer, String traceId, Intervention intervention) {
        List<JournalEntry> journal = known(traceId);
        boolean decided = journal.stream()
                .anyMatch(entry -> entry.event() instanceof Intervened earlier
                        && earlier.intervention().id().equals(intervention.id()));
        if (!decided) {
            refuseIfCompleted(traceId, journal);
            write(writer, traceId, new Intervened(intervention));
        }
    }

    Optional<PersistedTrace> load(String traceId) {
        List<JournalEntry> journal = journal(traceId);
        if (journal.isEmpty()) {
            return Optional.empty();
        }
        List<Resumed> resumes = all(journal, Resumed.class);
        List<Completed> ends = all(journal, Completed.class);
        return Optional.of(new PersistedTrace(
                head(traceId).orElseThrow(),
                valid(journal),
                interventions(journal),
                resumePoint(journal),
                resumes.size(),
                resumes.isEmpty() ? null : SOME_TIME,
                ends.isEmpty() ? null : ends.get(ends.size() - 1).completion(),
                journal.size(),
                claimsSinceProgress(journal)));
    }

    Optional<TraceHead> head(String traceId) {
        List<JournalEntry> journal = journal(traceId);
        if (journal.isEmpty()) {
            return Optional.empty();
        }
        PersistenceEnvelope first = ((StepRecorded) journal.get(0).event()).envelope();
        TraceHead head =
                new TraceHead(traceId, first.workflow(), first.version(), TraceStatus.RUNNING, first.at(), first.at());
        for (JournalEntry entry : journal) {
            head = next(head, entry, journal);
            boolean isAlone =
                    valid(journal.subList(0, (int) entry.position() - 1)).isEmpty();
            if (isAlone && entry.event() instanceof StepRecorded recorded) {
                head = head.withVersion(recorded.envelope().version());
            }
        }
        return Optional.of(head);
    }

    private static TraceHead next(TraceHead head, JournalEntry entry, List<JournalEntry> journal) {
        Instant at = entry.event().at();
        boolean waits = head.status() == TraceStatus.WAITING;
        if (entry.position() == 1 || entry.event() instanceof Claimed || entry.event() instanceof Resumed) {
            return head.running(entry.writer(), at);
        } else if (entry.event() instanceof StepRecorded && waits) {
            return head.running(entry.writer(), at);
        } else if (entry.event() instanceof Intervened && waits) {
            boolean dueBefore = head.dueAt() != null && head.dueAt().isBefore(at);
            return head.waiting(dueBefore ? head.dueAt() : at, at);
        } else if (entry.event() instanceof Suspended suspended) {
            return head.waiting(suspended.wakeAt(), at);
        } else if (entry.event() instanceof Completed end) {
            return head.ended(end.completion().state(), at);
        }
        return head;
    }

    private static int claimsSinceProgress(List<JournalEntry> journal) {
        int claims = 0;
        for (JournalEntry entry : journal) {
            if (entry.event() instanceof Claimed) {
                claims++;
            } else if (entry.event() instanceof StepRecorded
                    || entry.event() instanceof Suspended
                    || entry.event() instanceof Intervened
                    || entry.event() instanceof Resumed) {
                claims = 0;
            }
        }
        return claims;
    }

    List<JournalEntry> read(String traceId, long afterPosition) {
        return journal(traceId).stream()
                .filter(entry -> entry.position() > afterPosition)
                .toList();
    }

    long position(String traceId) {
        return journal(traceId).size();
    }

    private long write(long writer, String traceId, JournalEvent event) {
        List<JournalEntry> journal = journals.computeIfAbsent(traceId, id -> new ArrayList<>());
        journal.add(new JournalEntry(traceId, journal.size() + 1, writer, event));
        return journal.size();
    }

    private List<JournalEntry> journal(String traceId) {
        return journals.getOrDefault(traceId, List.of());
    }

    private List<JournalEntry> known(String traceId) {
        List<JournalEntry> journal = journal(traceId);
        if (journal.isEmpty()) {
            throw new TraceNotFoundException(traceId);
        }
        return journal;
    }

    /** The entry that says the same already, or none if the event is to be written; or a refusal. */
    private static Optional<JournalEntry> judge(long writer, List<JournalEntry> journal, JournalEvent event) {
        if (journal.isEmpty()) {
            return Optional.empty();
        }
        String traceId = journal.get(0).traceId();
        if (event instanceof Completed completed) {
            Optional<JournalEntry> end = last(journal, Completed.class);
            if (end.isPresent()) {
                CompletionState recorded =
                        ((Completed) end.get().event()).completion().state();
                CompletionState wanted = completed.completion().state();
                if (recorded == wanted) {
                    return end;
                }
                if (recorded != CompletionState.FAULT || wanted != CompletionState.COMPENSATED) {
                    throw new TraceCompletedException(traceId, recorded);
                }
            }
        } else {
            refuseIfCompleted(traceId, journal);
        }
        if (event instanceof StepRecorded step) {
            String workflow = ((StepRecorded) journal.get(0).event()).envelope().workflow();
            if (!workflow.equals(step.envelope().workflow())) {
                throw new WorkflowMismatchException(
                        traceId, workflow, step.envelope().workflow());
            }
        }
        if (!(event instanceof Claimed)) {
            refuseIfHeldByAnother(writer, traceId, journal);
        }
        return event instanceof StepRecorded step ? sameStep(journal, step.envelope()) : Optional.empty();
    }

    private static Optional<JournalEntry> sameStep(List<JournalEntry> journal, PersistenceEnvelope envelope) {
        for (JournalEntry entry : journal) {
            if (entry.event() instanceof StepRecorded recorded
                    && !isVoid(journal, entry)
                    && recorded.envelope().step() == envelope.step()
                    && recorded.envelope().nodeId().equals(envelope.nodeId())
                    && recorded.envelope().attempt() == envelope.attempt()
                    && recorded.envelope().outcome() == envelope.outcome()) {
                if (!Objects.equals(recorded.envelope().payloadHash(), envelope.payloadHash())) {
                    throw new StepConflictException(
                            envelope.traceId(),
                            envelope.step(),
                            envelope.nodeId(),
                            envelope.attempt(),
                            entry.position());
                }
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private static void refuseIfCompleted(String traceId, List<JournalEntry> journal) {
        last(journal, Completed.class).ifPresent(end -> {
            throw new TraceCompletedException(
                    traceId, ((Completed) end.event()).completion().state());
        });
    }

    private static void refuseIfHeldByAnother(long writer, String traceId, List<JournalEntry> journal) {
        JournalEntry takeOver = null;
        for (JournalEntry entry : journal) {
            if (entry.event() instanceof Claimed || entry.event() instanceof Resumed) {
                takeOver = entry;
            }
        }
        if (takeOver != null && takeOver.writer() != writer) {
            throw new ClaimLostException(traceId, takeOver.position());
        }
    }

    private static List<PersistenceEnvelope> valid(List<JournalEntry> journal) {
        List<PersistenceEnvelope> valid = new ArrayList<>();
        for (JournalEntry entry : journal) {
            if (entry.event() instanceof StepRecorded recorded && !isVoid(journal, entry)) {
                valid.add(recorded.envelope());
            }
        }
        return valid;
    }

    /** Void is a step behind which the trace was resumed from a lower one. */
    private static boolean isVoid(List<JournalEntry> journal, JournalEntry step) {
        long number = ((StepRecorded) step.event()).envelope().step();
        return journal.stream()
                .anyMatch(entry -> entry.position() > step.position()
                        && entry.event() instanceof Resumed resumed
                        && resumed.fromStep() < number);
    }

    /** Of the envelopes of the highest step the one that was recorded last. */
    private static Optional<PersistenceEnvelope> highest(List<PersistenceEnvelope> envelopes) {
        PersistenceEnvelope highest = null;
        for (PersistenceEnvelope envelope : envelopes) {
            if (highest == null || envelope.step() >= highest.step()) {
                highest = envelope;
            }
        }
        return Optional.ofNullable(highest);
    }

    private static List<InterventionRecord> interventions(List<JournalEntry> journal) {
        List<InterventionRecord> records = new ArrayList<>();
        Set<Long> spent = new HashSet<>();
        for (JournalEntry entry : journal) {
            if (entry.event() instanceof Intervened intervened) {
                Long appliedPosition = null;
                Long appliedByStep = null;
                for (JournalEntry later : journal.subList((int) entry.position(), journal.size())) {
                    if (appliedPosition == null
                            && !spent.contains(later.position())
                            && later.event() instanceof StepRecorded recorded
                            && recorded.envelope().outcome() != Outcome.STARTED
                            && recorded.envelope()
                                    .nodeId()
                                    .equals(intervened.intervention().targetNode())) {
                        appliedPosition = later.position();
                        appliedByStep = recorded.envelope().step();
                        spent.add(appliedPosition);
                    }
                }
                records.add(new InterventionRecord(
                        intervened.intervention(), entry.position(), appliedPosition, appliedByStep));
            }
        }
        return records;
    }

    private static @Nullable Long resumePoint(List<JournalEntry> journal) {
        Long resumePoint = null;
        for (JournalEntry entry : journal) {
            if (entry.event() instanceof Resumed resumed) {
                resumePoint = resumed.fromStep();
            } else if (entry.event() instanceof StepRecorded) {
                resumePoint = null;
            }
        }
        return resumePoint;
    }

    private static Optional<JournalEntry> last(List<JournalEntry> journal, Class<? extends JournalEvent> kind) {
        return journal.stream().filter(entry -> kind.isInstance(entry.event())).reduce((earlier, later) -> later);
    }

    private static <E extends JournalEvent> List<E> all(List<JournalEntry> journal, Class<E> kind) {
        return journal.stream()
                .map(JournalEntry::event)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
