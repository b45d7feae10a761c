package io.reactivestore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a resumed trace goes on.
 *
 * <pre>{@code
 * Mono<ResumeCursor> resumed = store.traces().resume("order-42", 1);
 * Mono<Long> position = resumed.flatMap(cursor -> store.traces().append(
 *         PersistenceEnvelope.of(cursor.traceId(), "order", cursor.nextStep(), "ship", Outcome.SUCCESS, Instant.now())
 *                 .withVersion(cursor.version())));
 * }</pre>
 *
 * @param traceId the trace
 * @param nextStep the step to run next: one more than the step resumed from
 * @param position the position of the entry that records the resume
 * @param anchorPayload the latest successful payload at or before the step resumed from, or null if there is none
 * @param version the version of the newest step that is still valid, or the one the trace started with
 * @param resumptionCount how often the trace was resumed, this time included
 * @param pendingInterventions the decisions that no step has applied yet, in journal order
 */
public record ResumeCursor(
        String traceId,
        long nextStep,
        long position,
        @Nullable Payload anchorPayload,
        String version,
        int resumptionCount,
        List<Intervention> pendingInterventions) {

    /**
     * Copies the list.
     *
     * @param traceId the trace
     * @param nextStep the number the next step takes, 0 after a resume from −1
     * @param position the entry that records the resume
     * @param anchorPayload null if no step kept has one
     * @param version the version the work to come runs
     * @param resumptionCount at least 1
     * @param pendingInterventions in journal order, empty if nobody decided anything
     */
    public ResumeCursor {
        pendingInterventions = List.copyOf(pendingInterventions);
    }
}
