package io.reactivestore;

/**
 * What a person decided about a node.
 *
 * <pre>{@code
 * Intervention skip = Intervention.of("decision-18", "send-survey", InterventionAction.SKIP, Instant.now());
 * Mono<Void> saved = store.traces().saveIntervention("order-42", skip);
 * }</pre>
 */
public enum InterventionAction {
    /** The payload override is the node's result. */
    SUPPLY,
    /** Run the node again, with the payload override as input if there is one. */
    RERUN,
    /** Go on without the node. */
    SKIP,
    /** Let the node fail. */
    FAIL,
    /** End the trace: the target is {@link Intervention#TRACE}. */
    CANCEL
}
