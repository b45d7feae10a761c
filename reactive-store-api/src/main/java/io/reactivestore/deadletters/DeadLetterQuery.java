package io.reactivestore.deadletters;

import io.reactivestore.internal.Check;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters to list, newest first; the id, downwards, breaks ties.
 *
 * <pre>{@code
 * DeadLetterQuery firstPage = DeadLetterQuery.of(DeadLetterState.PENDING).withLimit(50);
 * Flux<DeadLetter> letters = store.require(Capability.DEAD_LETTERS).list(firstPage);
 * }</pre>
 *
 * @param state in this state only, or null for all
 * @param after only what stands behind this letter in the order, or null for all: the next page costs what the first one did
 * @param offset how many to pass over; they cost what they would cost listed
 * @param limit how many to list at the most
 */
public record DeadLetterQuery(
        @Nullable DeadLetterState state, @Nullable DeadLetter after, int offset, int limit) {

    /** The largest number of letters one call lists. */
    public static final int MAX_LIMIT = 1_000;

    private static final int DEFAULT_LIMIT = 100;

    /**
     * Checks the numbers.
     *
     * @param state in this state only, or null
     * @param after only what stands behind this letter, or null
     * @param offset at least 0
     * @param limit 1 to {@value #MAX_LIMIT}
     * @throws IllegalArgumentException if a number is out of range
     */
    public DeadLetterQuery {
        Check.atLeast("offset", offset, 0);
        Check.atLeast("limit", limit, 1);
        Check.atMost("limit", limit, MAX_LIMIT);
    }

    /**
     * All letters.
     *
     * @return the newest 100 of them
     */
    public static DeadLetterQuery all() {
        return new DeadLetterQuery(null, null, 0, DEFAULT_LIMIT);
    }

    /**
     * The letters in a state.
     *
     * @param state the state
     * @return the newest 100 of them
     */
    public static DeadLetterQuery of(DeadLetterState state) {
        return new DeadLetterQuery(Check.present("state", state), null, 0, DEFAULT_LIMIT);
    }

    /**
     * A copy that goes on behind a letter.
     *
     * @param last the last letter of the page before
     * @return the copy
     */
    public DeadLetterQuery after(DeadLetter last) {
        return new DeadLetterQuery(state, Check.present("last", last), offset, limit);
    }

    /**
     * A copy that passes letters over.
     *
     * @param offset how many, at least 0
     * @return the copy
     */
    public DeadLetterQuery withOffset(int offset) {
        return new DeadLetterQuery(state, after, offset, limit);
    }

    /**
     * A copy with another limit.
     *
     * @param limit 1 to {@value #MAX_LIMIT}
     * @return the copy
     */
    public DeadLetterQuery withLimit(int limit) {
        return new DeadLetterQuery(state, after, offset, limit);
    }
}
