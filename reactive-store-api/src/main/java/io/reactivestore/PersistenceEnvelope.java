package io.reactivestore;

import io.reactivestore.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The entry that records the outcome of one attempt of one step.
 *
 * <pre>{@code
 * PersistenceEnvelope envelope = PersistenceEnvelope.of("order-42", "order", 1, "charge-card", Outcome.SUCCESS, Instant.now())
 *         .withPayload(Payload.json("{\"receipt\":\"r-1\"}"));
 * }</pre>
 *
 * @param traceId the trace; 1 to 255 characters without control characters
 * @param workflow the workflow the trace runs; 1 to 255 characters
 * @param version the version of the workflow; 1 to 100 characters
 * @param step the number of the step, 0 for the start
 * @param nodeId the name of the step; 1 to 1,000 characters
 * @param attempt which try this was, from 1
 * @param outcome how the attempt ended
 * @param at when, cut to microseconds
 * @param payload the result, or null
 * @param idempotencyKey the key the step gave to other systems, 1 to 1,000 characters, or null
 * @param failure why the attempt failed, or null
 */
public record PersistenceEnvelope(
        String traceId,
        String workflow,
        String version,
        long step,
        String nodeId,
        int attempt,
        Outcome outcome,
        Instant at,
        @Nullable Payload payload,
        @Nullable String idempotencyKey,
        @Nullable Failure failure) {

    /** The version of an envelope that names none. */
    public static final String FIRST_VERSION = "1";

    /**
     * Checks every field and cuts the time to microseconds.
     *
     * @param traceId 1 to 255 characters without control characters
     * @param workflow 1 to 255 characters without control characters
     * @param version 1 to 100 characters without control characters
     * @param step at least 0
     * @param nodeId 1 to 1,000 characters without control characters, not {@link Intervention#TRACE}
     * @param attempt at least 1
     * @param outcome how the attempt ended
     * @param at when, in the years 1583 to 9999
     * @param payload the result, or null; the store limits its size
     * @param idempotencyKey 1 to 1,000 characters without control characters, or null
     * @param failure why the attempt failed, or null
     * @throws IllegalArgumentException naming the field that is not of that form
     */
    public PersistenceEnvelope {
        Check.traceId(traceId);
        Check.name("workflow", workflow, Check.NAME_CHARS);
        Check.name("version", version, Check.VERSION_CHARS);
        Check.atLeast("step", step, 0);
        Check.name("nodeId", nodeId, Check.NODE_CHARS);
        if (nodeId.equals(Intervention.TRACE)) {
            throw new IllegalArgumentException(
                    "nodeId must not be " + Intervention.TRACE + ", which is the whole trace");
        }
        Check.atLeast("attempt", attempt, 1);
        Check.present("outcome", outcome);
        at = Check.instant("at", at);
        Check.nameOrNull("idempotencyKey", idempotencyKey, Check.NODE_CHARS);
    }

    /**
     * An envelope of the first attempt at version {@value #FIRST_VERSION}, without payload, key and failure.
     *
     * @param traceId the trace
     * @param workflow the workflow it runs
     * @param step the number of the step
     * @param nodeId the name of the step
     * @param outcome how the attempt ended
     * @param at when
     * @return the envelope
     */
    public static PersistenceEnvelope of(
            String traceId, String workflow, long step, String nodeId, Outcome outcome, Instant at) {
        return new PersistenceEnvelope(
                traceId, workflow, FIRST_VERSION, step, nodeId, 1, outcome, at, null, null, null);
    }

    /**
     * Gives the digest of the payload.
     *
     * @return the SHA-256 of the payload's bytes, or null without payload
     */
    public @Nullable Sha256 payloadHash() {
        return payload == null ? null : payload.hash();
    }

    /**
     * A copy for another trace.
     *
     * @param traceId the trace
     * @return the copy
     */
    public PersistenceEnvelope withTraceId(String traceId) {
        return new PersistenceEnvelope(
                traceId, workflow, version, step, nodeId, attempt, outcome, at, payload, idempotencyKey, failure);
    }

    /**
     * A copy of another time.
     *
     * @param at when, in the years 1583 to 9999
     * @return the copy
     */
    public PersistenceEnvelope withAt(Instant at) {
        return new PersistenceEnvelope(
                traceId, workflow, version, step, nodeId, attempt, outcome, at, payload, idempotencyKey, failure);
    }

    /**
     * A copy with this version.
     *
     * @param version the version of the workflow
     * @return the copy
     */
    public PersistenceEnvelope withVersion(String version) {
        return new PersistenceEnvelope(
                traceId, workflow, version, step, nodeId, attempt, outcome, at, payload, idempotencyKey, failure);
    }

    /**
     * A copy with this attempt.
     *
     * @param attempt which try it was, from 1
     * @return the copy
     */
    public PersistenceEnvelope withAttempt(int attempt) {
        return new PersistenceEnvelope(
                traceId, workflow, version, step, nodeId, attempt, outcome, at, payload, idempotencyKey, failure);
    }

    /**
     * A copy with this payload.
     *
     * @param payload the result, or null
     * @return the copy
     */
    public PersistenceEnvelope withPayload(@Nullable Payload payload) {
        return new PersistenceEnvelope(
                traceId, workflow, version, step, nodeId, attempt, outcome, at, payload, idempotencyKey, failure);
    }

    /**
     * A copy with this idempotency key.
     *
     * @param idempotencyKey the key, or null
     * @return the copy
     */
    public PersistenceEnvelope withIdempotencyKey(@Nullable String idempotencyKey) {
        return new PersistenceEnvelope(
                traceId, workflow, version, step, nodeId, attempt, outcome, at, payload, idempotencyKey, failure);
    }

    /**
     * A copy with this failure.
     *
     * @param failure why the attempt failed, or null
     * @return the copy
     */
    public PersistenceEnvelope withFailure(@Nullable Failure failure) {
        return new PersistenceEnvelope(
                traceId, workflow, version, step, nodeId, attempt, outcome, at, payload, idempotencyKey, failure);
    }
}
