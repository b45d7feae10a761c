package io.reactivestore.journal;

import java.util.List;
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

    /**
     * Appends events behind an expected position, all or nothing (T11). Steps that are on record already are absorbed.
     *
     * <p>A list may hold steps and custom events, each step once, and may end in a {@link JournalEvent.Completed}; a
     * {@link JournalEvent.Claimed} stands alone. Decisions and resumes go through
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
     * repetition. Never completes: use {@code takeUntil}. Ends on cancel.
     *
     * @param traceId the trace; it need not exist yet
     * @param afterPosition read what stands behind this position, 0 for all
     * @return the entries; signals what {@link #read} signals
     * @throws IllegalArgumentException if {@code afterPosition} is below 0
     */
    Flux<JournalEntry> follow(String traceId, long afterPosition);
}
