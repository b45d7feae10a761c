package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import org.jspecify.annotations.Nullable;

/**
 * Somebody decided that a node fails. Signalled to user code, which may handle it. The decision is a result: it is the same after
 * a restart.
 */
public final class InterventionFailedException extends StepFailedException {

    private static final long serialVersionUID = 1L;

    private static final String TYPE = InterventionFailedException.class.getName();

    InterventionFailedException(String traceId, String node, Failure failure) {
        super(traceId, node, failure, null);
    }

    static InterventionFailedException by(String traceId, Intervention decision) {
        String who = decision.operator() == null ? "" : " by " + decision.operator();
        String why = decision.reason() == null ? "" : ": " + decision.reason();
        return new InterventionFailedException(
                traceId, decision.targetNode(), new Failure(TYPE, "made to fail" + who + why, null));
    }

    static InterventionFailedException because(String traceId, String node, String reason) {
        return new InterventionFailedException(traceId, node, new Failure(TYPE, "made to fail: " + reason, null));
    }

    static boolean isRecordedIn(@Nullable Failure failure) {
        return failure != null && failure.type().equals(TYPE);
    }
}
