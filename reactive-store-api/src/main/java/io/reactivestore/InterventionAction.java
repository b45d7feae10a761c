package io.reactivestore;

/** What a person decided about a node. */
public enum InterventionAction {
    /** The payload override is the node's result. */
    SUPPLY,
    /** Run the node again, with the payload override as input if there is one. */
    RERUN,
    /** Go on without the node. */
    SKIP,
    /** Let the node fail. */
    FAIL
}
