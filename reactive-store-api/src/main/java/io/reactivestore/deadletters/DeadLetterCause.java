package io.reactivestore.deadletters;

/**
 * What a dead letter is about.
 *
 * <pre>{@code
 * Flux<DeadLetter> late = store.require(Capability.DEAD_LETTERS).list(DeadLetterQuery.all())
 *         .filter(letter -> letter.cause() == DeadLetterCause.TIMED_OUT);
 * }</pre>
 */
public enum DeadLetterCause {
    /** The workflow failed. The trace has ended. */
    FAULT,
    /** The trace missed its deadline. It has ended. */
    TIMED_OUT,
    /**
     * The trace was taken over again and again without getting any further. It has not ended: it is put aside.
     * If it is taken up by hand and ends, the letter is resolved with that, or replaced by the one of its failure.
     */
    RECOVERY,
    /** The trace ended as it did, but whom it was to be told could not be reached. */
    DELIVERY
}
