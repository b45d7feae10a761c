package io.reactivestore;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trace as its journal folds: what a {@link PersistenceStore#resume resume} voided is left out.
 *
 * <pre>{@code
 * Mono<PersistedTrace> trace = store.traces().load("order-42");
 * Mono<ResumeCursor> goOn = trace.filter(found -> found.completion() == null)
 *         .flatMap(found -> store.traces().resume("order-42", found.lastStep()));
 * }</pre>
 *
 * @param head what lists show of it
 * @param envelopes the recorded steps in journal order
 * @param interventions the decisions in journal order, pending or applied
 * @param resumedFromStep the step of the newest resume that no recorded step has superseded, or null
 * @param resumptionCount how often it was resumed
 * @param lastResumedAt when it was last resumed, or null
 * @param completion how it ended, or null while it has not
 * @param position the position of the last entry of its journal
 * @param claimsSinceProgress how often it was claimed since a step, a decision, a resume or a rest was last recorded: a trace
 *     that kills its engines shows itself by it
 */
public record PersistedTrace(
        TraceHead head,
        List<PersistenceEnvelope> envelopes,
        List<InterventionRecord> interventions,
        @Nullable Long resumedFromStep,
        int resumptionCount,
        @Nullable Instant lastResumedAt,
        @Nullable Completion completion,
        long position,
        int claimsSinceProgress) {

    /**
     * Copies the lists.
     *
     * @param head what lists show of it
     * @param envelopes in journal order, without what a resume voided
     * @param interventions in journal order
     * @param resumedFromStep null if it was never resumed, or a recorded step has superseded the resume
     * @param resumptionCount 0 for a trace that was never resumed
     * @param lastResumedAt null for a trace that was never resumed
     * @param completion null while it has not ended
     * @param position the last entry of its journal, voided ones included
     * @param claimsSinceProgress how many {@link io.reactivestore.journal.JournalEvent.Claimed} stand behind the newest step,
     *     {@link io.reactivestore.journal.JournalEvent.Suspended}, decision or resume
     */
    public PersistedTrace {
        envelopes = List.copyOf(envelopes);
        interventions = List.copyOf(interventions);
    }

    /**
     * Gives the number of the highest recorded step: where a resume after a crash goes on.
     *
     * @return the highest step, or −1 if none is recorded
     */
    public long lastStep() {
        return envelopes.stream().mapToLong(PersistenceEnvelope::step).max().orElse(-1);
    }

    /**
     * Gives the decisions that no step has applied yet.
     *
     * @return the pending interventions in journal order
     */
    public List<Intervention> pendingInterventions() {
        return interventions.stream()
                .filter(InterventionRecord::isPending)
                .map(InterventionRecord::intervention)
                .toList();
    }
}
