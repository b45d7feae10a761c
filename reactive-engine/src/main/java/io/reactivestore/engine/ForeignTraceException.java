package io.reactivestore.engine;

/** The trace has no start on record: it was not written by an engine. */
public final class ForeignTraceException extends EngineException {

    private static final long serialVersionUID = 1L;

    ForeignTraceException(String traceId) {
        super(
                traceId,
                "Trace '" + traceId + "' has no step 0 '" + History.START
                        + "' with an input on record, so no engine started it. Use another trace id.",
                null);
    }
}
