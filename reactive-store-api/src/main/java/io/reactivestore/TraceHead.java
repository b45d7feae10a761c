package io.reactivestore;

import io.reactivestore.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What lists show of a trace. Written when the trace starts, waits, is taken over and ends, never per step.
 *
 * <pre>{@code
 * Mono<TraceStatus> status = store.require(Capability.CATALOG).find("order-42").map(TraceHead::status);
 * }</pre>
 *
 * @param traceId the trace
 * @param workflow the workflow it runs, fixed by its first entry
 * @param version the version it runs: that of the first envelope that is not void
 * @param status where it stands
 * @param holder the writer that runs it, or null while it waits and after its end
 * @param dueAt of a trace that waits: when somebody has to look at it, or null if only a decision brings it back. Of one that
 *     runs: until when {@link io.reactivestore.claims.Claims#due} has handed it out, or null.
 * @param createdAt the time of its first entry, cut to microseconds
 * @param updatedAt the time of the entry that last changed the head, cut to microseconds
 */
public record TraceHead(
        String traceId,
        String workflow,
        String version,
        TraceStatus status,
        @Nullable Long holder,
        @Nullable Instant dueAt,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * Checks the names and cuts the times to microseconds.
     *
     * @param traceId 1 to 255 characters without control characters
     * @param workflow 1 to 255 characters without control characters
     * @param version 1 to 100 characters without control characters
     * @param status where it stands
     * @param holder the writer that runs it, or null
     * @param dueAt in the years 1583 to 9999, or null
     * @param createdAt in the years 1583 to 9999
     * @param updatedAt in the years 1583 to 9999
     * @throws IllegalArgumentException naming the field that is not of that form
     */
    public TraceHead {
        Check.traceId(traceId);
        Check.name("workflow", workflow, Check.NAME_CHARS);
        Check.name("version", version, Check.VERSION_CHARS);
        Check.present("status", status);
        dueAt = Check.instantOrNull("dueAt", dueAt);
        createdAt = Check.instant("createdAt", createdAt);
        updatedAt = Check.instant("updatedAt", updatedAt);
    }

    /**
     * The head of a trace that nobody holds and that is not due.
     *
     * @param traceId the trace
     * @param workflow the workflow it runs
     * @param version the version it runs
     * @param status where it stands
     * @param createdAt the time of its first entry
     * @param updatedAt the time of the entry that last changed the head
     */
    public TraceHead(
            String traceId, String workflow, String version, TraceStatus status, Instant createdAt, Instant updatedAt) {
        this(traceId, workflow, version, status, null, null, createdAt, updatedAt);
    }

    /**
     * A copy that runs.
     *
     * @param writer who runs it
     * @param at since when
     * @return the copy
     */
    public TraceHead running(long writer, Instant at) {
        return new TraceHead(traceId, workflow, version, TraceStatus.RUNNING, writer, null, createdAt, at);
    }

    /**
     * A copy that waits.
     *
     * @param due when somebody has to look at it, or null
     * @param at since when
     * @return the copy
     */
    public TraceHead waiting(@Nullable Instant due, Instant at) {
        return new TraceHead(traceId, workflow, version, TraceStatus.WAITING, null, due, createdAt, at);
    }

    /**
     * A copy that has ended.
     *
     * @param state how
     * @param at when
     * @return the copy
     */
    public TraceHead ended(CompletionState state, Instant at) {
        return new TraceHead(traceId, workflow, version, TraceStatus.of(state), null, null, createdAt, at);
    }

    /**
     * A copy of another version.
     *
     * @param version the version of the workflow
     * @return the copy
     */
    public TraceHead withVersion(String version) {
        return new TraceHead(traceId, workflow, version, status, holder, dueAt, createdAt, updatedAt);
    }

    /**
     * A copy that is due at another time.
     *
     * @param due when somebody has to look at it, or null
     * @return the copy
     */
    public TraceHead withDueAt(@Nullable Instant due) {
        return new TraceHead(traceId, workflow, version, status, holder, due, createdAt, updatedAt);
    }
}
