package io.reactivestore.engine;

import org.jspecify.annotations.Nullable;

/**
 * A value cannot be written, or a payload is not of the type it is to be read as. The run stops; the trace stays open, so that it
 * can be resumed with mended code.
 */
public final class PayloadCodecException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** The key of the step, or null. */
    private final @Nullable String node;

    /**
     * For codecs.
     *
     * @param message what happened and what to do; no content of the payload
     */
    public PayloadCodecException(String message) {
        super(null, message, null);
        this.node = null;
    }

    private PayloadCodecException(String traceId, String node, String message) {
        super(traceId, message, null);
        this.node = node;
    }

    PayloadCodecException at(String traceId, String node) {
        return new PayloadCodecException(traceId, node, "'" + node + "' of trace '" + traceId + "': " + getMessage());
    }

    /**
     * Gives the place in the trace.
     *
     * @return the key of the step, or null if it is not known
     */
    public @Nullable String node() {
        return node;
    }
}
