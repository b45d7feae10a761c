package io.reactivestore;

import java.time.Instant;
import reactor.core.publisher.Mono;

/**
 * The traces of a store. Five operations; what they promise together:
 *
 * <ul>
 *   <li>C1: nothing happens before subscription; each subscription is one attempt.
 *   <li>C2: a call that failed changed nothing. The one exception is
 *       {@link io.reactivestore.error.StoreUnavailableException}, after which the same call may be repeated safely.
 *   <li>C3: after cancel the effect happened entirely or not at all, and no connection is kept.
 *   <li>C4: what is unknown is empty on look-up and {@link io.reactivestore.error.TraceNotFoundException} on command.
 *   <li>C5: an illegal argument throws at the call; the world's trouble arrives as a signal, always a
 *       {@link io.reactivestore.error.StoreException}.
 *   <li>C6: what is read equals what was written, bit for bit.
 *   <li>C7: concurrent callers see one of the serial outcomes.
 * </ul>
 *
 * <p>A Mono that completed means: durable. Signals arrive on a thread of the driver or of Reactor: move long work away with
 * {@code publishOn}. Calls over the limit of waiting callers signal
 * {@link io.reactivestore.error.StoreOverloadedException}.
 *
 * <pre>{@code
 * PersistenceStore traces = store.traces();
 * Mono<Long> position = traces.append(
 *         PersistenceEnvelope.of("order-42", "order", 1, "charge-card", Outcome.SUCCESS, Instant.now())
 *                 .withPayload(Payload.json("{\"receipt\":\"r-1\"}")));
 * }</pre>
 */
public interface PersistenceStore {

    /** Of {@link #resume}: behind the newest step on record, whichever that is when the resume is. */
    long NEWEST = Long.MAX_VALUE;

    /**
     * Records the outcome of a step. T1: the first append creates the trace and fixes its workflow. T3: the same step, node,
     * attempt and outcome with the same payload hash is absorbed and emits the position it already has. T5: steps may arrive
     * in any order.
     *
     * @param envelope what to record
     * @return a Mono that emits the position of the entry once it is durable, or signals
     *     {@link io.reactivestore.error.WorkflowMismatchException} (T2),
     *     {@link io.reactivestore.error.StepConflictException} (T3),
     *     {@link io.reactivestore.error.TraceCompletedException} (T4),
     *     {@link io.reactivestore.error.ClaimLostException} (T10)
     * @throws IllegalArgumentException if the payload is larger than the store takes
     */
    Mono<Long> append(PersistenceEnvelope envelope);

    /**
     * Reads a trace and folds its journal. T5: envelopes come in journal order. T9: every field as it was written.
     *
     * @param traceId the trace
     * @return a Mono that emits the trace, or is empty if there is none, or signals
     *     {@link io.reactivestore.error.PayloadCorruptedException} (T12)
     */
    Mono<PersistedTrace> load(String traceId);

    /**
     * Takes a trace up again behind a step, for this writer (T6). What was recorded beyond that step is void from now on, and
     * stays in the journal. A writer that held the trace before gets {@link io.reactivestore.error.ClaimLostException} at its
     * next append. Each subscription records one resume.
     *
     * @param traceId the trace
     * @param fromStep the last step to keep, −1 to keep none, {@link #NEWEST} to keep all that is recorded by then
     * @return a Mono that emits where to go on, or signals {@link io.reactivestore.error.TraceNotFoundException},
     *     {@link io.reactivestore.error.TraceCompletedException},
     *     {@link io.reactivestore.error.ResumeOutOfRangeException}
     * @throws IllegalArgumentException if {@code fromStep} is below −1
     */
    Mono<ResumeCursor> resume(String traceId, long fromStep);

    /**
     * Ends a trace (T7). The first end wins; the same state again is absorbed; only FAULT may be followed, by COMPENSATED.
     *
     * @param traceId the trace
     * @param completion how it ended
     * @return a Mono that completes once the end is durable, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, {@link io.reactivestore.error.TraceCompletedException},
     *     {@link io.reactivestore.error.ClaimLostException}
     * @throws IllegalArgumentException if the result is larger than the store takes
     */
    Mono<Void> complete(String traceId, Completion completion);

    /**
     * Ends a trace now, without result and failure.
     *
     * @param traceId the trace
     * @param state how it ended
     * @return as {@link #complete(String, Completion)}
     */
    default Mono<Void> complete(String traceId, CompletionState state) {
        return complete(traceId, Completion.of(state, Instant.now()));
    }

    /**
     * Records a decision about a node (T8). Anybody may decide, whoever holds the trace. The same id again is absorbed. It is
     * applied by the first envelope of its target node behind it in the journal that does not just mark a start; of several
     * pending decisions about one node an envelope applies the oldest. All of which {@link #load} shows. A trace that waits
     * becomes due.
     *
     * @param traceId the trace
     * @param intervention the decision
     * @return a Mono that completes once it is durable, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException}, {@link io.reactivestore.error.TraceCompletedException}
     * @throws IllegalArgumentException if the payload is larger than the store takes
     */
    Mono<Void> saveIntervention(String traceId, Intervention intervention);
}
