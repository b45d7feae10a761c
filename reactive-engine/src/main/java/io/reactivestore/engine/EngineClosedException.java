package io.reactivestore.engine;

/** The engine was closed before or while the trace ran; the trace stays open. */
public final class EngineClosedException extends EngineException {

    private static final long serialVersionUID = 1L;

    EngineClosedException(String traceId) {
        super(
                traceId,
                "The engine was closed; trace '" + traceId + "' stays as it is recorded. Resume it in another engine.",
                null);
    }
}
