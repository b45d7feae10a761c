package io.reactivestore.deadletters;

import io.reactivestore.Failure;
import io.reactivestore.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that failed for good and that a person has to know of. There is one at the most of each id, and the id of what is
 * about a trace is the id of the trace: so no trace has two.
 *
 * <pre>{@code
 * DeadLetter letter = DeadLetter.pending("order-42", "order-42", "order", "1", DeadLetterCause.FAULT, Instant.now())
 *         .withFailure(Failure.of(new IllegalStateException("card declined")));
 * }</pre>
 *
 * @param id identifies the letter: the id of the trace, or of what could not be delivered
 * @param traceId the trace
 * @param workflow the workflow it runs
 * @param version the version of the workflow
 * @param cause what it is about
 * @param failure what went wrong, or null
 * @param createdAt when it was written, cut to microseconds
 * @param state where it stands
 * @param stateAt since when, cut to microseconds
 * @param note why it was resolved, or why the last replay did not succeed, or null
 * @param replay the trace that takes its place, from the beginning of the replay on, or null
 * @param replayUntil while it is {@link DeadLetterState#REPLAYING}: from when on somebody else may finish that; else null
 * @param revision rises with each change, from 1
 */
public record DeadLetter(
        String id,
        String traceId,
        String workflow,
        String version,
        DeadLetterCause cause,
        @Nullable Failure failure,
        Instant createdAt,
        DeadLetterState state,
        Instant stateAt,
        @Nullable String note,
        @Nullable String replay,
        @Nullable Instant replayUntil,
        long revision) {

    /**
     * Checks the names, makes the note storable and cuts the times to microseconds.
     *
     * @param id 1 to 255 characters without control characters
     * @param traceId 1 to 255 characters without control characters
     * @param workflow 1 to 255 characters without control characters
     * @param version 1 to 100 characters without control characters
     * @param cause what it is about
     * @param failure what went wrong, or null
     * @param createdAt in the years 1583 to 9999
     * @param state where it stands
     * @param stateAt in the years 1583 to 9999
     * @param note any text, or null
     * @param replay 1 to 255 characters without control characters, or null
     * @param replayUntil in the years 1583 to 9999, or null
     * @param revision at least 1
     * @throws IllegalArgumentException naming the field that is not of that form
     */
    public DeadLetter {
        Check.name("id", id, Check.TRACE_ID_CHARS);
        Check.traceId(traceId);
        Check.name("workflow", workflow, Check.NAME_CHARS);
        Check.name("version", version, Check.VERSION_CHARS);
        Check.present("cause", cause);
        createdAt = Check.instant("createdAt", createdAt);
        Check.present("state", state);
        stateAt = Check.instant("stateAt", stateAt);
        note = Check.text(note);
        Check.nameOrNull("replay", replay, Check.TRACE_ID_CHARS);
        replayUntil = Check.instantOrNull("replayUntil", replayUntil);
        Check.atLeast("revision", revision, 1);
    }

    /**
     * A new letter.
     *
     * @param id the id of the trace, or of what could not be delivered
     * @param traceId the trace
     * @param workflow the workflow it runs
     * @param version the version of the workflow
     * @param cause what it is about
     * @param at when it is written
     * @return a letter without failure, about which nobody has done anything
     */
    public static DeadLetter pending(
            String id, String traceId, String workflow, String version, DeadLetterCause cause, Instant at) {
        return new DeadLetter(
                id, traceId, workflow, version, cause, null, at, DeadLetterState.PENDING, at, null, null, null, 1);
    }

    /**
     * A copy with this failure.
     *
     * @param failure what went wrong, or null
     * @return the copy
     */
    public DeadLetter withFailure(@Nullable Failure failure) {
        return new DeadLetter(
                id,
                traceId,
                workflow,
                version,
                cause,
                failure,
                createdAt,
                state,
                stateAt,
                note,
                replay,
                replayUntil,
                revision);
    }

    /**
     * A copy of another revision.
     *
     * @param revision at least 1
     * @return the copy
     */
    public DeadLetter withRevision(long revision) {
        return new DeadLetter(
                id,
                traceId,
                workflow,
                version,
                cause,
                failure,
                createdAt,
                state,
                stateAt,
                note,
                replay,
                replayUntil,
                revision);
    }

    /**
     * A copy that somebody is about to start anew.
     *
     * @param replay the trace that takes its place
     * @param at since when
     * @param until from when on somebody else may finish that
     * @return the copy, of the next revision
     */
    public DeadLetter replaying(String replay, Instant at, Instant until) {
        return next(DeadLetterState.REPLAYING, at, null, replay, until);
    }

    /**
     * A copy in another state, in which nobody is about to start it anew.
     *
     * @param state where it stands
     * @param at since when
     * @param note why, or null
     * @return the copy, of the next revision; it keeps the trace that takes its place only if it was replayed
     */
    public DeadLetter moved(DeadLetterState state, Instant at, @Nullable String note) {
        return next(state, at, note, state == DeadLetterState.REPLAYED ? replay : null, null);
    }

    private DeadLetter next(
            DeadLetterState state,
            Instant at,
            @Nullable String note,
            @Nullable String replay,
            @Nullable Instant replayUntil) {
        return new DeadLetter(
                id,
                traceId,
                workflow,
                version,
                cause,
                failure,
                createdAt,
                state,
                at,
                note,
                replay,
                replayUntil,
                revision + 1);
    }
}
