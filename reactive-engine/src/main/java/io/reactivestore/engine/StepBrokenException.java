package io.reactivestore.engine;

/**
 * Something that the engine was given for a step (a policy, a predicate, a clock) threw where it must not. The run stopped; the
 * trace stays open.
 */
public final class StepBrokenException extends EngineException {

    private static final long serialVersionUID = 1L;

    StepBrokenException(String traceId, String node, Throwable cause) {
        super(
                traceId,
                "Step '" + node + "' of trace '" + traceId
                        + "' cannot go on, since a policy or another part given to the engine threw. Mend it, then resume the trace.",
                cause);
    }
}
