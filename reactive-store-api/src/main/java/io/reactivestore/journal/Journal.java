package io.reactivestore.journal;

import io.reactivestore.catalog.TraceTags;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The facet JOURNAL: the entries of a trace one by one. The rules of {@link io.reactivestore.PersistenceStore} hold here too.
 *
 * <pre>{@code
 * Journal journal = store.require(Capability.JOURNAL);
 * Flux<JournalEntry> all = journal.read("order-42", 0);
 * Mono<Long> end = journal.append("order-42", 3, List.of(new JournalEvent.Custom("note", null, Instant.now())));
 * }</pre>
 */
public interface Journal {

    /** The largest number of events one call appends. */
    int MAX_EVENTS = 1_000;

    /** The type of the custom event that says where a {@linkplain #fork fork} comes from. */
    String FORKED = "reactivestore:forked";

    /**
     * Appends events behind an expected position, all or nothing (T11). Steps that are on record already are absorbed.
     *
     * <p>A list may hold steps and custom events, each step once, and may end in a {@link JournalEvent.Suspended} or a
     * {@link JournalEvent.Completed}; a {@link JournalEvent.Claimed} stands alone. Decisions and resumes go through
     * {@link io.reactivestore.PersistenceStore}.
     *
     * @param traceId the trace
     * @param expectedPosition where the journal must end, 0 for a trace that must not exist yet
     * @param events what to append, at most {@value #MAX_EVENTS}; an empty list changes nothing and emits the position the
     *     journal ends at, 0 for an unknown trace
     * @return a Mono that emits the position the journal then ends at, or signals
     *     {@link io.reactivestore.error.PositionConflictException} and what
     *     {@link io.reactivestore.PersistenceStore#append} signals
     * @throws IllegalArgumentException if the list is not of the form above, or a payload is larger than the store takes
     */
    Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events);

    /**
     * Appends events as {@link #append(String, long, List)} does, and in the same commit what leaves the trace with them, as
     * {@link #appendAfter(String, long, List, List)} says.
     *
     * <pre>{@code
     * TraceTags tags = TraceTags.NONE.withSource("web");
     * Mono<Long> created = store.require(Capability.JOURNAL).append(
     *         "order-42",
     *         0,
     *         List.of(new JournalEvent.StepRecorded(envelope)),
     *         List.of(new Outgoing.ToCatalog("order-42", tags)));
     * }</pre>
     *
     * @param traceId the trace
     * @param expectedPosition where the journal must end, 0 for a trace that must not exist yet
     * @param events what to append, at most {@value #MAX_EVENTS}
     * @param outgoing what leaves the trace; an {@link Outgoing.ToCatalog} only if {@code expectedPosition} is 0
     * @return as {@link #append(String, long, List)}
     * @throws IllegalArgumentException if a list is not of the form above, something in it is of another trace, or a payload is
     *     larger than the store takes
     * @throws io.reactivestore.error.CapabilityMissingException if the store has no facet for what leaves
     */
    Mono<Long> append(String traceId, long expectedPosition, List<JournalEvent> events, List<Outgoing> outgoing);

    /**
     * Appends events behind whatever stands there, all or nothing (T11). As the form above in all else; a list that starts with
     * a step may create the trace.
     *
     * @param traceId the trace
     * @param events what to append, of the form above
     * @return a Mono that emits the position of the last event, for an absorbed one the position it already has; or signals what
     *     {@link io.reactivestore.PersistenceStore#append} signals
     * @throws IllegalArgumentException as above
     */
    Mono<Long> append(String traceId, List<JournalEvent> events);

    /**
     * Creates a trace from what another one has recorded up to a step: its envelopes at or before that step, voided ones and
     * decisions left out, in journal order; then a {@link JournalEvent.Custom} of type {@value #FORKED} whose JSON names
     * {@code source} and {@code step}. All or nothing, whatever the size. The source may have ended; it is not changed. The new
     * trace has the tags that the source then has.
     *
     * @param traceId the source
     * @param fromStep the last step to copy
     * @param newTraceId the trace to create, which this writer then holds
     * @return a Mono that emits the position the new journal ends at, or signals
     *     {@link io.reactivestore.error.TraceNotFoundException},
     *     {@link io.reactivestore.error.ResumeOutOfRangeException} if the step lies beyond the recorded ones, or before them,
     *     {@link io.reactivestore.error.PayloadCorruptedException}, or
     *     {@link io.reactivestore.error.PositionConflictException} if the new trace exists
     * @throws IllegalArgumentException if {@code fromStep} is below 0
     */
    Mono<Long> fork(String traceId, long fromStep, String newTraceId);

    /**
     * Tells a trace anew: appends a {@link JournalEvent.Resumed} that voids all that is on record, and behind it the given
     * events. All or nothing, whatever the size. The old entries stay in the journal; decisions stay what they are, but an
     * envelope of the list applies a decision that is pending for its node. This writer then holds the trace, which is of the
     * version of the first envelope. A trace that another engine runs, and that is not silent, is left alone: its code would be
     * told another story in the middle of its own. An engine of this store notices, and runs the trace anew.
     *
     * @param traceId the trace
     * @param expectedPosition where the journal must end: what the caller has read is all there is
     * @param events steps, each once, and custom events, a step first
     * @return a Mono that emits the position the journal then ends at, or signals
     *     {@link io.reactivestore.error.PositionConflictException},
     *     {@link io.reactivestore.error.TraceHeldException}, {@link io.reactivestore.error.TraceNotFoundException},
     *     {@link io.reactivestore.error.TraceCompletedException}, or
     *     {@link io.reactivestore.error.WorkflowMismatchException}
     * @throws IllegalArgumentException if the list is not of that form, or a payload is larger than the store takes
     */
    Mono<Long> replace(String traceId, long expectedPosition, List<JournalEvent> events);

    /**
     * Appends events as {@link #append(String, List)} does, unless somebody has decided something, or resumed the trace, and the
     * caller cannot know: what stands behind a decision was so written in its knowledge. Other entries are no obstacle, and what
     * is on record already is absorbed in any case.
     *
     * @param traceId the trace
     * @param seen the position up to which the caller has taken the journal in
     * @param events what to append, at most {@value #MAX_EVENTS}
     * @return a Mono that emits the position of the last event, or signals
     *     {@link io.reactivestore.error.PositionConflictException} if a {@link JournalEvent.Intervened} or
     *     {@link JournalEvent.Resumed} stands behind {@code seen}: read on from there and decide again
     * @throws IllegalArgumentException if the list is not of the form above, or a payload is larger than the store takes
     */
    Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events);

    /**
     * Appends events as {@link #appendAfter(String, long, List)} does, and in the same commit what leaves the trace with them: all
     * of it is there, or nothing. What leaves is written if and only if this call writes at least one of the events: if all of them
     * are on record already, so is what left with them.
     *
     * @param traceId the trace
     * @param seen the position up to which the caller has taken the journal in; {@code Long.MAX_VALUE} if decisions do not matter
     * @param events what to append, at most {@value #MAX_EVENTS}
     * @param outgoing what leaves the trace; an empty list costs nothing
     * @return as {@link #appendAfter(String, long, List)}
     * @throws IllegalArgumentException if a list is not of the form above, something in it is of another trace, or a payload is
     *     larger than the store takes
     * @throws io.reactivestore.error.CapabilityMissingException if the store has no facet for what leaves
     */
    Mono<Long> appendAfter(String traceId, long seen, List<JournalEvent> events, List<Outgoing> outgoing);

    /**
     * Creates a trace as {@link #fork} does, to do what failed again: the envelopes of some nodes are left out, as if the trace had
     * not come to them yet, and those of step 0 bear the time of now, when the new trace begins.
     *
     * @param traceId the source
     * @param fromStep the last step to copy
     * @param newTraceId the trace to create, which this writer then holds
     * @param without the nodes whose envelopes are not copied
     * @return as {@link #fork}
     * @throws IllegalArgumentException if {@code fromStep} is below 0
     */
    Mono<Long> restart(String traceId, long fromStep, String newTraceId, Set<String> without);

    /**
     * Reads entries in order, on demand and in pages, so that a journal may be larger than memory. No connection is held
     * between pages. Ends at the end of the journal; an unknown trace is empty.
     *
     * @param traceId the trace
     * @param afterPosition read what stands behind this position, 0 for all
     * @return the entries, voided ones included; signals {@link io.reactivestore.error.PayloadCorruptedException} at a damaged one
     * @throws IllegalArgumentException if {@code afterPosition} is below 0
     */
    Flux<JournalEntry> read(String traceId, long afterPosition);

    /**
     * Reads entries as {@link #read} does and then goes on with what is appended, by whichever process, without gap or
     * repetition: at once what this store appends, at an interval what others do. Never completes: use {@code takeUntil}. Ends on
     * cancel.
     *
     * @param traceId the trace; it need not exist yet
     * @param afterPosition read what stands behind this position, 0 for all
     * @return the entries; signals what {@link #read} signals
     * @throws IllegalArgumentException if {@code afterPosition} is below 0
     */
    Flux<JournalEntry> follow(String traceId, long afterPosition);

    /**
     * As {@link #restore(String, List, TraceTags)}, for a trace that nothing describes.
     *
     * @param traceId the trace
     * @param entries all of its entries, from position 1 on
     * @return as the other
     */
    default Mono<Long> restore(String traceId, List<JournalEntry> entries) {
        return restore(traceId, entries, TraceTags.NONE);
    }

    /**
     * Creates a trace from the journal of another store, entry by entry as it stood there. A trace that has not ended then waits
     * and is due at once, which is one more entry: any engine that knows its workflow takes it up. To restore the same journal
     * again changes nothing, as long as the trace has not gone on. Facts that the entries refer to are put first: the trace refers
     * to them from then on.
     *
     * @param traceId the trace
     * @param entries all of its entries, from position 1 on
     * @param tags what describes it there; they are written with the entries, and not if the trace is there already
     * @return a Mono that emits the position where the journal ends once all of it is durable in one commit, or signals
     *     {@link io.reactivestore.error.PositionConflictException} if there is another trace of this id, or
     *     {@link io.reactivestore.error.FactMissingException} if one of the facts is not kept
     * @throws IllegalArgumentException if the entries are not a whole journal of this trace, or a payload is larger than the store
     *     takes
     * @throws io.reactivestore.error.CapabilityMissingException if there are tags and the store has no CATALOG
     */
    Mono<Long> restore(String traceId, List<JournalEntry> entries, TraceTags tags);
}
