package io.reactivestore;

import io.reactivestore.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person, or another system, decided about a node while the trace runs. Its id makes a double click one decision.
 *
 * <pre>{@code
 * Intervention approval = Intervention.of("decision-17", "manager-approval", InterventionAction.SUPPLY, Instant.now())
 *         .withPayload(Payload.json("{\"approved\":true}"))
 *         .withOperator("duty-manager")
 *         .withReason("budget is free");
 * }</pre>
 *
 * @param id identifies the decision within its trace; 1 to 255 characters
 * @param targetNode the node it is about; 1 to 1,000 characters. {@link #TRACE} if the action is CANCEL.
 * @param action what to do
 * @param payloadOverride the result or the new input of the node, or null
 * @param reason why, or null
 * @param operator who decided, or null
 * @param at when, cut to microseconds
 */
public record Intervention(
        String id,
        String targetNode,
        InterventionAction action,
        @Nullable Payload payloadOverride,
        @Nullable String reason,
        @Nullable String operator,
        Instant at) {

    /** The target of a {@link InterventionAction#CANCEL}: the trace as a whole. No step has this name. */
    public static final String TRACE = "$trace";

    /**
     * Checks the names, makes the reason storable and cuts the time to microseconds.
     *
     * @param id 1 to 255 characters without control characters
     * @param targetNode 1 to 1,000 characters without control characters; {@link #TRACE} if and only if the action is
     *     {@link InterventionAction#CANCEL}
     * @param action what to do
     * @param payloadOverride the result or the new input of the node, or null
     * @param reason any text, or null; beyond 8,000 characters it is cut
     * @param operator 1 to 255 characters without control characters, or null
     * @param at when, in the years 1583 to 9999
     * @throws IllegalArgumentException naming the field that is not of that form
     */
    public Intervention {
        Check.name("intervention id", id, Check.NAME_CHARS);
        Check.name("targetNode", targetNode, Check.NODE_CHARS);
        Check.present("action", action);
        if (targetNode.equals(TRACE) != (action == InterventionAction.CANCEL)) {
            throw new IllegalArgumentException("CANCEL, and only CANCEL, has the target " + TRACE + "; found " + action
                    + " with a target of " + targetNode.length() + " characters");
        }
        reason = Check.text(reason);
        Check.nameOrNull("operator", operator, Check.NAME_CHARS);
        at = Check.instant("at", at);
    }

    /**
     * An intervention without payload, reason and operator.
     *
     * @param id identifies the decision within its trace
     * @param targetNode the node it is about
     * @param action what to do
     * @param at when it was decided
     * @return the intervention
     */
    public static Intervention of(String id, String targetNode, InterventionAction action, Instant at) {
        return new Intervention(id, targetNode, action, null, null, null, at);
    }

    /**
     * A copy with this payload.
     *
     * @param payload the result or new input of the node, or null
     * @return the copy
     */
    public Intervention withPayload(@Nullable Payload payload) {
        return new Intervention(id, targetNode, action, payload, reason, operator, at);
    }

    /**
     * A copy with this reason.
     *
     * @param reason why, or null
     * @return the copy
     */
    public Intervention withReason(@Nullable String reason) {
        return new Intervention(id, targetNode, action, payloadOverride, reason, operator, at);
    }

    /**
     * A copy with this operator.
     *
     * @param operator who decided, or null
     * @return the copy
     */
    public Intervention withOperator(@Nullable String operator) {
        return new Intervention(id, targetNode, action, payloadOverride, reason, operator, at);
    }
}
