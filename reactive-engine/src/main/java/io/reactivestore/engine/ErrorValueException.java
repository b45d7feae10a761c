package io.reactivestore.engine;

/** A step's function gave a result that its options count as a failure. */
public final class ErrorValueException extends EngineException {

    private static final long serialVersionUID = 1L;

    ErrorValueException(String traceId, String node) {
        super(traceId, "Step '" + node + "' of trace '" + traceId + "' gave a result that counts as a failure.", null);
    }
}
