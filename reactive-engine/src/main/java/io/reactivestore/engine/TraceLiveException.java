package io.reactivestore.engine;

/** A trace that runs in this engine cannot be rewound under its own feet. */
public final class TraceLiveException extends EngineException {

    private static final long serialVersionUID = 1L;

    TraceLiveException(String traceId) {
        super(
                traceId,
                "Trace '" + traceId + "' is live in this engine and cannot be resumed from an earlier step meanwhile."
                        + " Wait for its end, or close the engine and resume in another.",
                null);
    }
}
