/**
 * What a store signals when it cannot do what was asked. All are {@link io.reactivestore.error.StoreException}; the caller's
 * one question, may I try again, is answered by {@link io.reactivestore.error.StoreException#isTransient()}.
 *
 * <pre>{@code
 * Retry whileTransient = Retry.backoff(3, Duration.ofMillis(100))
 *         .filter(error -> error instanceof StoreException trouble && trouble.isTransient());
 * Mono<Long> position = store.traces().append(envelope).retryWhen(whileTransient);
 * }</pre>
 *
 * <p>Worth trying again as it is:
 *
 * <ul>
 *   <li>{@link io.reactivestore.error.StoreUnavailableException}: no connection, no answer in time. Repeat the same call; what
 *       was written already is absorbed.
 *   <li>{@link io.reactivestore.error.StoreOverloadedException}: too many callers or bytes wait. Limit the callers, or come back
 *       later.
 * </ul>
 *
 * <p>Another writer, or an earlier call, was there first:
 *
 * <ul>
 *   <li>{@link io.reactivestore.error.ClaimLostException}: another writer holds the trace. Stop this run, or resume.
 *   <li>{@link io.reactivestore.error.PositionConflictException}: the journal ends elsewhere. Read what is new, decide again.
 *   <li>{@link io.reactivestore.error.StepConflictException}: the attempt is on record with another payload. Use what is
 *       recorded.
 *   <li>{@link io.reactivestore.error.TraceCompletedException}: the trace has ended. Load it to see how.
 *   <li>{@link io.reactivestore.error.DeadLetterStateException}: somebody else has moved the dead letter. Look it up.
 *   <li>{@link io.reactivestore.error.DeliveryStateException}: somebody else has the delivery, or it has not failed. Look it up.
 *   <li>{@link io.reactivestore.error.TraceHeldException}: the trace runs, so it is not deleted or replaced. End it before
 *       you delete it; resume it before you replace it.
 * </ul>
 *
 * <p>The call is wrong:
 *
 * <ul>
 *   <li>{@link io.reactivestore.error.TraceNotFoundException}: nothing was ever appended to that id. Check it.
 *   <li>{@link io.reactivestore.error.DeliveryNotFoundException}: there is no delivery of that id. Check it.
 *   <li>{@link io.reactivestore.error.DeadLetterNotFoundException}: there is no dead letter of that id. Check it.
 *   <li>{@link io.reactivestore.error.WorkflowMismatchException}: the trace runs another workflow. Use another id.
 *   <li>{@link io.reactivestore.error.ResumeOutOfRangeException}: no such step is on record. Resume from a lower one.
 *   <li>{@link io.reactivestore.error.CapabilityMissingException}: this store lacks the facet. Use an adapter that has it.
 *   <li>{@link io.reactivestore.error.StoreClosedException}: the store was closed. Open a new one.
 * </ul>
 *
 * <p>Somebody must mend the backend:
 *
 * <ul>
 *   <li>{@link io.reactivestore.error.StoreFailedException}: credentials, rights or tables are missing. The cause says which.
 *   <li>{@link io.reactivestore.error.SchemaVersionException}: the tables are of a newer version. Use the newer library.
 *   <li>{@link io.reactivestore.error.FactMissingException}: what an entry refers to is not kept. Restore it from a backup.
 *   <li>{@link io.reactivestore.error.PayloadCorruptedException}: a row was changed outside the store. Restore it from a backup.
 * </ul>
 */
@NullMarked
package io.reactivestore.error;

import org.jspecify.annotations.NullMarked;
