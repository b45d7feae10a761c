package io.reactivestore.engine;

/**
 * Nobody decided in time. Signalled to user code as a {@link StepFailedException} that {@link StepFailedException#isA is} of this
 * class.
 */
public final class InterventionTimeoutException extends EngineException {

    private static final long serialVersionUID = 1L;

    InterventionTimeoutException(String traceId, String node) {
        super(traceId, "Nobody decided about node '" + node + "' of trace '" + traceId + "' in time.", null);
    }
}
