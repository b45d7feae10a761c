package io.reactivestore.engine;

import io.reactivestore.Sha256;

/** The trace was started with another input than the caller gave. */
public final class InputConflictException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final transient Sha256 recorded;
    private final transient Sha256 given;

    InputConflictException(String traceId, Sha256 recorded, Sha256 given) {
        super(
                traceId,
                "Trace '" + traceId + "' was started with another input (sha256 " + recorded + ", the call gives "
                        + given
                        + "). Use another trace id for another input; to go on with the recorded one, resume the trace.",
                null);
        this.recorded = recorded;
        this.given = given;
    }

    /**
     * Gives the digest of the input on record.
     *
     * @return the SHA-256
     */
    public Sha256 recorded() {
        return recorded;
    }

    /**
     * Gives the digest of the input of the call.
     *
     * @return the SHA-256
     */
    public Sha256 given() {
        return given;
    }
}
