package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import org.jspecify.annotations.Nullable;

/**
 * A decision that its node cannot take in. If it was saved already, the run stopped and the refusal is recorded as a failed
 * attempt of the node; the trace stays open and waits for another decision once it is resumed.
 */
public final class InterventionRefusedException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** The key of the node. */
    private final String node;
    /** What was to be done. */
    private final InterventionAction action;

    private InterventionRefusedException(
            String traceId, Intervention decision, String why, @Nullable PayloadCodecException cause) {
        super(
                traceId,
                "Intervention '" + decision.id() + "' (" + decision.action() + ") of node '" + decision.targetNode()
                        + "' of trace '" + traceId + "' is refused: " + why,
                cause);
        this.node = decision.targetNode();
        this.action = decision.action();
    }

    static InterventionRefusedException rerun(String traceId, Intervention decision) {
        return new InterventionRefusedException(
                traceId,
                decision,
                "the node waits for a decision, there is nothing to run again. Use SUPPLY, SKIP or FAIL, with a new id.",
                null);
    }

    static InterventionRefusedException unknown(String traceId, Intervention decision) {
        return new InterventionRefusedException(
                traceId,
                decision,
                "the trace has no such node, neither on record nor under way. Name a node that has been reached, or declare it"
                        + " with WorkflowDefinition.nodes.",
                null);
    }

    static InterventionRefusedException takenBack(String traceId, Intervention decision) {
        return new InterventionRefusedException(
                traceId,
                decision,
                "the trace is being taken back; its steps do not run again. Wait for its end, or resume it from an earlier step.",
                null);
    }

    static InterventionRefusedException misfit(String traceId, Intervention decision, PayloadCodecException misfit) {
        return new InterventionRefusedException(
                traceId,
                decision,
                "its payload is not of the type the node waits for. Decide again, with a new id. "
                        + misfit.getMessage(),
                misfit);
    }

    /**
     * Gives the node.
     *
     * @return the key of the node
     */
    public String node() {
        return node;
    }

    /**
     * Gives the action.
     *
     * @return what was to be done
     */
    public InterventionAction action() {
        return action;
    }
}
