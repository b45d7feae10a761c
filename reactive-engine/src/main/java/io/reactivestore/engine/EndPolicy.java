package io.reactivestore.engine;

import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What is to happen when traces of a workflow end.
 *
 * @param deadLetters what becomes of those that fail
 * @param told who is told
 */
record EndPolicy(DeadLetterPolicy deadLetters, List<Told> told) {

    /**
     * Who is told of what.
     *
     * @param endpoint the name of the receiver
     * @param states of traces that end like this
     */
    record Told(String endpoint, Set<CompletionState> states) {

        static Told of(String endpoint, CompletionState... states) {
            // the record knows what a store can keep
            PersistenceEnvelope.of("any", endpoint, 0, History.START, Outcome.SUCCESS, Instant.EPOCH);
            Set<CompletionState> all = EnumSet.noneOf(CompletionState.class);
            all.addAll(states.length == 0 ? EnumSet.allOf(CompletionState.class) : List.of(states));
            return new Told(endpoint, Set.copyOf(all));
        }
    }

    static final EndPolicy DEFAULT = new EndPolicy(DeadLetterPolicy.send(), List.of());

    EndPolicy with(DeadLetterPolicy policy) {
        return new EndPolicy(Objects.requireNonNull(policy, "policy"), told);
    }

    EndPolicy with(Told more) {
        List<Told> all = new ArrayList<>(told);
        all.add(more);
        return new EndPolicy(deadLetters, List.copyOf(all));
    }
}
