package io.reactivestore.deadletters;

import java.time.Instant;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The facet DEAD_LETTERS: what failed for good. A letter is written in the same commit as the entries of the journal that tell of
 * the failure, with {@link io.reactivestore.journal.Journal#appendAfter(String, long, java.util.List, java.util.List)}; an engine
 * does so by itself. From there on it moves from state to state, each time by compare and set: from PENDING to REPLAYING, and from
 * there to REPLAYED, or back; or from PENDING to RESOLVED, by somebody or with the end of its trace, see
 * {@link io.reactivestore.journal.Outgoing.Settled}.
 *
 * <p>A move that the state does not allow is refused with {@link io.reactivestore.error.DeadLetterStateException}, which names
 * the state that is needed and the one that was found; of two who make a move at once, one succeeds. Every call happens on
 * subscription, each subscription by itself; one that is cancelled happens entirely or not at all.
 *
 * <pre>{@code
 * DeadLetters letters = store.require(Capability.DEAD_LETTERS);
 * Mono<DeadLetter> settled = letters.resolve("order-42", "refunded by hand", Instant.now());
 * }</pre>
 */
public interface DeadLetters {

    /**
     * Looks a letter up.
     *
     * @param id its id: that of the trace it is about, or of what could not be delivered
     * @return a Mono that emits it, or is empty if there is none
     */
    Mono<DeadLetter> find(String id);

    /**
     * Lists letters, newest first.
     *
     * @param query which, and how many
     * @return the letters, as they were at one moment after subscription
     */
    Flux<DeadLetter> list(DeadLetterQuery query);

    /**
     * Counts the letters by state.
     *
     * @return a Mono that emits how many there are in each state, 0 included
     */
    Mono<Map<DeadLetterState, Long>> counts();

    /**
     * Says that a letter is about to be started anew: from PENDING, or from a REPLAYING whose time is over, since whoever began
     * that has not come to its end.
     *
     * @param id the letter
     * @param replay the trace that takes its place; a replay that is over time keeps the one it has
     * @param now the time on the caller's clock
     * @param until from when on somebody else may finish it
     * @return a Mono that emits the letter as it then is, or signals
     *     {@link io.reactivestore.error.DeadLetterNotFoundException} or
     *     {@link io.reactivestore.error.DeadLetterStateException}
     */
    Mono<DeadLetter> beginReplay(String id, String replay, Instant now, Instant until);

    /**
     * Says that the trace that takes its place is durable: from REPLAYING to REPLAYED.
     *
     * @param replaying the letter as {@link #beginReplay} gave it
     * @param now the time on the caller's clock
     * @return a Mono that emits the letter as it then is, or signals
     *     {@link io.reactivestore.error.DeadLetterNotFoundException}, or
     *     {@link io.reactivestore.error.DeadLetterStateException} if it is not that replay any more
     */
    Mono<DeadLetter> endReplay(DeadLetter replaying, Instant now);

    /**
     * Says that the replay did not succeed: from REPLAYING back to PENDING.
     *
     * @param replaying the letter as {@link #beginReplay} gave it
     * @param reason why, for people
     * @param now the time on the caller's clock
     * @return a Mono that emits the letter as it then is, or signals what {@link #endReplay} signals
     */
    Mono<DeadLetter> giveUpReplay(DeadLetter replaying, String reason, Instant now);

    /**
     * Settles a letter without a replay: from PENDING to RESOLVED.
     *
     * @param id the letter
     * @param reason why, for people; 1 character at least, cut at 8,000
     * @param now the time on the caller's clock
     * @return a Mono that emits the letter as it then is, or signals
     *     {@link io.reactivestore.error.DeadLetterNotFoundException} or
     *     {@link io.reactivestore.error.DeadLetterStateException}
     * @throws IllegalArgumentException if the reason is blank
     */
    Mono<DeadLetter> resolve(String id, String reason, Instant now);
}
