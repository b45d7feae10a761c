package io.reactivestore.engine;

import java.util.Set;

/**
 * The choice on record is none that the pipeline has, because somebody decided so or because the pipeline has changed. The run
 * stops; the trace stays open. Decide again about the node, with SUPPLY and the name of a case.
 */
public final class UnknownCaseException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** The key of the choice. */
    private final String node;

    UnknownCaseException(String traceId, String node, Set<String> cases) {
        super(
                traceId,
                "The choice on record at '" + node + "' of trace '" + traceId + "' is none of " + cases
                        + ". Decide about that node with SUPPLY and the name of a case, then resume.",
                null);
        this.node = node;
    }

    /**
     * Gives the choice.
     *
     * @return the key of the node
     */
    public String node() {
        return node;
    }
}
