package io.reactivestore.deadletters;

/**
 * Where a dead letter stands.
 *
 * <pre>{@code
 * Flux<DeadLetter> open = store.require(Capability.DEAD_LETTERS).list(DeadLetterQuery.of(DeadLetterState.PENDING));
 * }</pre>
 */
public enum DeadLetterState {
    /** Nobody has done anything about it. Followed by {@link #REPLAYING} or {@link #RESOLVED}. */
    PENDING,
    /** Somebody is about to start it anew. Followed by {@link #REPLAYED}, or by {@link #PENDING} if that did not succeed. */
    REPLAYING,
    /** It was started anew, which is durable. An end. */
    REPLAYED,
    /** Somebody settled it otherwise and said why. An end. */
    RESOLVED
}
