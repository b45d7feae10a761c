package io.reactivestore.core;

import io.reactivestore.Completion;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Outcome;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of one journal amount to, entry after entry. A <em>full</em> fold keeps envelopes and decisions; a
 * <em>tail</em> keeps only what the rules ask for. Confined to whoever holds it.
 */
final class TraceFold {

    /** What makes two records of a step the same (rule T3). */
    record StepKey(long step, String nodeId, int attempt, Outcome outcome) {
        static StepKey of(PersistenceEnvelope envelope) {
            return new StepKey(envelope.step(), envelope.nodeId(), envelope.attempt(), envelope.outcome());
        }
    }

    record RecordedStep(
            long position, @Nullable Sha256 hash, @Nullable PersistenceEnvelope envelope) {}

    /** What the batch that a lane forms or writes adds to the trace, or null. Belongs to the lane. */
    @Nullable
    Slot slot;

    private final String traceId;
    private final boolean full;
    private final Map<StepKey, RecordedStep> steps;
    private final Map<String, Long> decisions = new HashMap<>(0);
    private final List<InterventionRecord> interventions = new ArrayList<>(0);
    private long position;
    private long keptAt;
    private int keptSize;
    private long highestStep = -1;
    private @Nullable JournalEntry last;
    private @Nullable TraceHead head;
    private @Nullable Completion completion;
    private long completedAt;
    private long starter;
    private long holder;
    private long heldSince;
    private int resumptions;
    private @Nullable Long resumedFrom;
    private @Nullable Instant lastResumedAt;
    private long steeredAt;
    private int claimsSinceProgress;

    private TraceFold(String traceId, boolean full) {
        this.traceId = traceId;
        this.full = full;
        this.steps = full ? new LinkedHashMap<>() : new HashMap<>();
    }

    static TraceFold full(String traceId) {
        return new TraceFold(traceId, true);
    }

    static TraceFold tail(String traceId) {
        return new TraceFold(traceId, false);
    }

    /** Takes up what was kept of a full fold. */
    static TraceFold of(TraceFold beginning, FoldState state) {
        TraceFold fold = full(beginning.traceId);
        fold.starter = beginning.starter;
        fold.keptAt = state.position();
        fold.keptSize = state.steps().size() + state.interventions().size();
        fold.head = state.head();
        fold.position = state.position();
        fold.highestStep = state.highestStep();
        fold.completion = state.completion();
        fold.completedAt = state.completedAt();
        fold.holder = state.holder();
        fold.heldSince = state.heldSince();
        fold.resumptions = state.resumptions();
        fold.resumedFrom = state.resumedFrom();
        fold.lastResumedAt = state.lastResumedAt();
        fold.steeredAt = state.steeredAt();
        fold.claimsSinceProgress = state.claimsSinceProgress();
        for (RecordedStep step : state.steps()) {
            fold.steps.put(StepKey.of(Objects.requireNonNull(step.envelope())), step);
        }
        for (InterventionRecord record : state.interventions()) {
            fold.interventions.add(record);
            fold.decisions.put(record.intervention().id(), record.position());
        }
        return fold;
    }

    FoldState state() {
        return new FoldState(
                Objects.requireNonNull(head),
                position,
                highestStep,
                completion,
                completedAt,
                holder,
                heldSince,
                resumptions,
                resumedFrom,
                lastResumedAt,
                steeredAt,
                claimsSinceProgress,
                List.copyOf(steps.values()),
                List.copyOf(interventions));
    }

    /**
     * Whether more stands behind what is kept than is asked for, and than was kept, unless far less is left of it: what is written
     * is then at most twice what has come since.
     */
    boolean isWorthKeeping(int entries) {
        int holds = steps.size() + interventions.size();
        return head != null && position - keptAt >= Math.max(entries, Math.min(keptSize, holds));
    }

    /** A tail of what this fold knows. */
    TraceFold toTail() {
        TraceFold tail = tail(traceId);
        if (completion == null) {
            steps.forEach((key, step) -> tail.steps.put(key, new RecordedStep(step.position, step.hash, null)));
        }
        tail.decisions.putAll(decisions);
        tail.position = position;
        tail.highestStep = highestStep;
        tail.head = head;
        tail.completion = completion == null ? null : withoutContent(completion);
        tail.completedAt = completedAt;
        tail.starter = starter;
        tail.holder = holder;
        tail.heldSince = heldSince;
        tail.resumptions = resumptions;
        tail.steeredAt = steeredAt;
        return tail;
    }

    /** Takes the next entry in. Gives true if the head is to be written. */
    boolean apply(JournalEntry entry) {
        if (entry.position() != position + 1) {
            throw new StoreFailedException(
                    traceId,
                    "The journal of trace '" + traceId + "' has a gap: position " + entry.position() + " follows "
                            + position + ". Rows were removed outside the store: restore them from a backup.",
                    null);
        }
        position = entry.position();
        last = full ? entry : null;
        if (position == 1) {
            starter = entry.writer();
        }
        TraceHead before = head;
        // an if-chain, since Java 17 has no switch over a sealed type
        if (entry.event() instanceof StepRecorded recorded) {
            record(recorded.envelope(), entry.writer());
        } else if (entry.event() instanceof Intervened intervened) {
            decide(intervened.intervention());
        } else if (entry.event() instanceof Resumed resumed) {
            resume(resumed);
            hold(entry);
        } else if (entry.event() instanceof Claimed) {
            claimsSinceProgress++;
            hold(entry);
        } else if (entry.event() instanceof Suspended suspended) {
            suspend(suspended);
        } else if (entry.event() instanceof Completed completed) {
            complete(completed.completion());
        } else if (!(entry.event() instanceof Custom)) {
            throw new IllegalStateException(
                    "an event without a meaning: " + entry.event().getClass());
        }
        return head != before;
    }

    private void record(PersistenceEnvelope envelope, long writer) {
        Instant at = envelope.at();
        if (head == null) {
            head = new TraceHead(
                    traceId, envelope.workflow(), envelope.version(), TraceStatus.RUNNING, writer, null, at, at);
        } else if (head.status() == TraceStatus.WAITING) {
            head = head.running(writer, at);
        }
        if (steps.isEmpty() && !head.version().equals(envelope.version())) {
            head = head.withVersion(envelope.version());
        }
        steps.put(StepKey.of(envelope), new RecordedStep(position, envelope.payloadHash(), full ? envelope : null));
        highestStep = Math.max(highestStep, envelope.step());
        resumedFrom = null;
        claimsSinceProgress = 0;
        if (!interventions.isEmpty() && envelope.outcome() != Outcome.STARTED) {
            applyOldest(envelope);
        }
    }

    /** An envelope applies one decision about its node, the oldest that is pending. */
    private void applyOldest(PersistenceEnvelope envelope) {
        for (int i = 0; i < interventions.size(); i++) {
            InterventionRecord record = interventions.get(i);
            if (record.isPending() && record.intervention().targetNode().equals(envelope.nodeId())) {
                interventions.set(
                        i, new InterventionRecord(record.intervention(), record.position(), position, envelope.step()));
                return;
            }
        }
    }

    private void decide(Intervention intervention) {
        decisions.put(intervention.id(), position);
        steeredAt = position;
        claimsSinceProgress = 0;
        if (head != null && head.status() == TraceStatus.WAITING) {
            Instant due = head.dueAt();
            Instant at = intervention.at();
            head = head.waiting(due != null && due.isBefore(at) ? due : at, at);
        }
        if (full) {
            interventions.add(new InterventionRecord(intervention, position, null, null));
        }
    }

    private void resume(Resumed resumed) {
        steps.keySet().removeIf(key -> key.step() > resumed.fromStep());
        highestStep = steps.keySet().stream().mapToLong(StepKey::step).max().orElse(-1);
        steeredAt = position;
        resumptions++;
        resumedFrom = resumed.fromStep();
        lastResumedAt = resumed.at();
        claimsSinceProgress = 0;
    }

    /** The head is written even if it shows this already: that ends a reservation, of which the journal knows nothing. */
    private void hold(JournalEntry entry) {
        holder = entry.writer();
        heldSince = position;
        if (head != null) {
            head = head.running(holder, entry.event().at());
        }
    }

    /** Who held the trace still does, as to the rules: whom it has fenced off must stay fenced off. */
    private void suspend(Suspended suspended) {
        claimsSinceProgress = 0;
        if (head != null) {
            head = head.waiting(suspended.wakeAt(), suspended.at());
        }
    }

    private void complete(Completion end) {
        completion = full ? end : withoutContent(end);
        completedAt = position;
        if (head != null) {
            head = head.ended(end.state(), end.at());
        }
        if (!full) {
            steps.clear();
        }
    }

    private static Completion withoutContent(Completion end) {
        return Completion.of(end.state(), end.at());
    }

    String traceId() {
        return traceId;
    }

    long position() {
        return position;
    }

    /** The entry that a full fold took in last; null if it was all taken up from what was kept. */
    @Nullable
    JournalEntry last() {
        return last;
    }

    boolean exists() {
        return position > 0;
    }

    @Nullable
    TraceHead head() {
        return head;
    }

    long highestStep() {
        return highestStep;
    }

    @Nullable
    RecordedStep step(StepKey key) {
        return steps.get(key);
    }

    @Nullable
    Long decision(String interventionId) {
        return decisions.get(interventionId);
    }

    @Nullable
    Completion completion() {
        return completion;
    }

    /** The position of the newest decision or resumption, which changes what a run is to do; 0 if there is none. */
    long steeredAt() {
        return steeredAt;
    }

    long completedAt() {
        return completedAt;
    }

    /** Whether a writer other than this one took the trace over. */
    boolean isHeldByOther(long writer) {
        return heldSince > 0 && holder != writer;
    }

    /** Whether the trace runs and this writer started it or was the last to take it over, and nobody else has woken it. */
    boolean isRunBy(long writer) {
        return head != null
                && head.status() == TraceStatus.RUNNING
                && Objects.equals(head.holder(), writer)
                && (heldSince > 0 ? holder : starter) == writer;
    }

    long heldSince() {
        return heldSince;
    }

    /** What this fold weighs in a cache, in units of one recorded step. */
    int weight() {
        return 4 + steps.size() + decisions.size();
    }

    PersistedTrace toTrace() {
        List<PersistenceEnvelope> envelopes = new ArrayList<>(steps.size());
        for (RecordedStep step : steps.values()) {
            if (step.envelope() != null) {
                envelopes.add(step.envelope());
            }
        }
        if (!full || head == null) {
            throw new IllegalStateException("only a full fold of a known trace can be shown");
        }
        return new PersistedTrace(
                head,
                envelopes,
                interventions,
                resumedFrom,
                resumptions,
                lastResumedAt,
                completion,
                position,
                claimsSinceProgress);
    }
}
