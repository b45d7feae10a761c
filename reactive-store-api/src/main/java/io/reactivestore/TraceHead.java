package io.reactivestore;

import io.reactivestore.internal.Check;
import java.time.Instant;

/**
 * What lists show of a trace. Written when the trace starts and when it ends, never per step.
 *
 * <pre>{@code
 * Mono<TraceStatus> status = store.require(Capability.CATALOG).find("order-42").map(TraceHead::status);
 * }</pre>
 *
 * @param traceId the trace
 * @param workflow the workflow it runs, fixed by its first entry
 * @param version the version it was started with
 * @param status where it stands
 * @param createdAt the time of its first entry, cut to microseconds
 * @param updatedAt the time of the entry that last changed the head, cut to microseconds
 */
public record TraceHead(
        String traceId, String workflow, String version, TraceStatus status, Instant createdAt, Instant updatedAt) {

    /**
     * Checks the names and cuts the times to microseconds.
     *
     * @param traceId 1 to 255 characters without control characters
     * @param workflow 1 to 255 characters without control characters
     * @param version 1 to 100 characters without control characters
     * @param status where it stands
     * @param createdAt in the years 1583 to 9999
     * @param updatedAt in the years 1583 to 9999
     * @throws IllegalArgumentException naming the field that is not of that form
     */
    public TraceHead {
        Check.traceId(traceId);
        Check.name("workflow", workflow, Check.NAME_CHARS);
        Check.name("version", version, Check.VERSION_CHARS);
        Check.present("status", status);
        createdAt = Check.instant("createdAt", createdAt);
        updatedAt = Check.instant("updatedAt", updatedAt);
    }

    /**
     * A copy with another status.
     *
     * @param status the new status
     * @param at when it changed
     * @return the copy
     */
    public TraceHead withStatus(TraceStatus status, Instant at) {
        return new TraceHead(traceId, workflow, version, status, createdAt, at);
    }
}
