package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.PersistenceEnvelope;
import org.jspecify.annotations.Nullable;

/**
 * Somebody decided that a node fails. Signalled to user code, which may handle it. The decision is a result: it is the same after
 * a restart.
 */
public final class InterventionFailedException extends EngineException {

    private static final long serialVersionUID = 1L;

    private static final String TYPE = InterventionFailedException.class.getName();

    /** The key of the node. */
    private final String node;

    private InterventionFailedException(String traceId, String node, String message) {
        super(traceId, message, null);
        this.node = node;
    }

    static InterventionFailedException by(String traceId, Intervention decision) {
        String who = decision.operator() == null ? "" : " by " + decision.operator();
        String why = decision.reason() == null ? "" : ": " + decision.reason();
        return new InterventionFailedException(
                traceId, decision.targetNode(), "Node '" + decision.targetNode() + "' was made to fail" + who + why);
    }

    static InterventionFailedException recorded(String traceId, PersistenceEnvelope envelope) {
        String message = envelope.failure() == null ? null : envelope.failure().message();
        return new InterventionFailedException(
                traceId,
                envelope.nodeId(),
                message == null ? "Node '" + envelope.nodeId() + "' was made to fail" : message);
    }

    static boolean isRecordedIn(@Nullable Failure failure) {
        return failure != null && failure.type().equals(TYPE);
    }

    Failure toFailure() {
        return new Failure(TYPE, getMessage(), null);
    }

    /**
     * Gives the node.
     *
     * @return the key of the node
     */
    public String node() {
        return node;
    }
}
