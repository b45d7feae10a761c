package io.reactivestore.webhooks;

import io.reactivestore.Payload;
import io.reactivestore.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that an endpoint is to be told about a trace. The endpoint is referred to by name: where it is, and the secret it
 * shares with the sender, are never stored.
 *
 * <pre>{@code
 * Delivery delivery = Delivery.due(
 *         "order-42-billing", "order-42", "order", "1", "billing", "SUCCESS", Payload.json("{}"), Instant.now());
 * }</pre>
 *
 * @param id identifies the delivery, in all its attempts: by it the receiver knows what it has seen before
 * @param traceId the trace it is about
 * @param workflow the workflow that runs
 * @param version the version of the workflow
 * @param endpoint the name of the receiver
 * @param event what has happened, such as how the trace ended
 * @param body what is sent, exactly these bytes
 * @param createdAt when it was written, cut to microseconds
 * @param state where it stands
 * @param attempts how often it was tried since it became pending
 * @param dueAt while it is pending: when it is to be tried, or from when on somebody else may try it; else null
 * @param revision rises with each change, from 1
 */
public record Delivery(
        String id,
        String traceId,
        String workflow,
        String version,
        String endpoint,
        String event,
        Payload body,
        Instant createdAt,
        DeliveryState state,
        int attempts,
        @Nullable Instant dueAt,
        long revision) {

    /**
     * Checks the names and cuts the times to microseconds.
     *
     * @param id 1 to 255 characters without control characters
     * @param traceId 1 to 255 characters without control characters
     * @param workflow 1 to 255 characters without control characters
     * @param version 1 to 100 characters without control characters
     * @param endpoint 1 to 255 characters without control characters
     * @param event 1 to 255 characters without control characters
     * @param body what is sent
     * @param createdAt in the years 1583 to 9999
     * @param state where it stands
     * @param attempts at least 0
     * @param dueAt in the years 1583 to 9999, or null
     * @param revision at least 1
     * @throws IllegalArgumentException naming the field that is not of that form
     */
    public Delivery {
        Check.name("id", id, Check.NAME_CHARS);
        Check.traceId(traceId);
        Check.name("workflow", workflow, Check.NAME_CHARS);
        Check.name("version", version, Check.VERSION_CHARS);
        Check.name("endpoint", endpoint, Check.NAME_CHARS);
        Check.name("event", event, Check.NAME_CHARS);
        Check.present("body", body);
        createdAt = Check.instant("createdAt", createdAt);
        Check.present("state", state);
        Check.atLeast("attempts", attempts, 0);
        dueAt = Check.instantOrNull("dueAt", dueAt);
        Check.atLeast("revision", revision, 1);
    }

    /**
     * A new delivery that is due at once.
     *
     * @param id identifies the delivery
     * @param traceId the trace it is about
     * @param workflow the workflow that runs
     * @param version the version of the workflow
     * @param endpoint the name of the receiver
     * @param event what has happened
     * @param body what is sent
     * @param at when it is written
     * @return the delivery
     */
    public static Delivery due(
            String id,
            String traceId,
            String workflow,
            String version,
            String endpoint,
            String event,
            Payload body,
            Instant at) {
        return new Delivery(id, traceId, workflow, version, endpoint, event, body, at, DeliveryState.PENDING, 0, at, 1);
    }

    /**
     * A copy with another body.
     *
     * @param body what is sent
     * @return the copy
     */
    public Delivery withBody(Payload body) {
        return new Delivery(
                id, traceId, workflow, version, endpoint, event, body, createdAt, state, attempts, dueAt, revision);
    }

    /**
     * A copy as it is to follow this one.
     *
     * @param state where it then stands
     * @param attempts how often it was then tried
     * @param dueAt when it is to be tried, or null if it is not
     * @return the copy, of the next revision
     */
    public Delivery next(DeliveryState state, int attempts, @Nullable Instant dueAt) {
        return new Delivery(
                id, traceId, workflow, version, endpoint, event, body, createdAt, state, attempts, dueAt, revision + 1);
    }
}
