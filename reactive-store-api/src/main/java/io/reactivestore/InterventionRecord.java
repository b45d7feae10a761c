package io.reactivestore;

import org.jspecify.annotations.Nullable;

/**
 * An intervention as the journal has it: where it stands, and what became of it. It is <em>pending</em> until an envelope of
 * its target node stands behind it in the journal; that envelope's step applied it, once. An envelope applies one decision: the
 * oldest that is pending for its node. One whose outcome is {@link Outcome#STARTED} applies none: its attempt has yet to end.
 *
 * <pre>{@code
 * Flux<InterventionRecord> pending = store.traces().load("order-42")
 *         .flatMapIterable(PersistedTrace::interventions)
 *         .filter(InterventionRecord::isPending);
 * }</pre>
 *
 * @param intervention the decision
 * @param position its position in the journal
 * @param appliedPosition the position of the envelope that applied it, or null while pending
 * @param appliedByStep the step of that envelope, or null while pending
 */
public record InterventionRecord(
        Intervention intervention,
        long position,
        @Nullable Long appliedPosition,
        @Nullable Long appliedByStep) {

    /**
     * Tells whether no step has applied it yet.
     *
     * @return true while pending
     */
    public boolean isPending() {
        return appliedPosition == null;
    }
}
