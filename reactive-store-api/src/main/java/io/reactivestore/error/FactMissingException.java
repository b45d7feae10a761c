package io.reactivestore.error;

import io.reactivestore.Sha256;

/** An entry refers to a content that is not kept. */
public final class FactMissingException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** The key of the content, in hexadecimal digits. */
    private final String key;

    /**
     * Says what is missing.
     *
     * @param traceId the trace that refers to it
     * @param key the key of the content
     */
    public FactMissingException(String traceId, Sha256 key) {
        super(
                traceId,
                "Trace '" + traceId + "' refers to the fact " + key + ", which is not kept. It was swept away, or the"
                        + " journal was copied without its facts: put it again from a backup or from the other store, or resume"
                        + " the trace before the step that made it.");
        this.key = key.toString();
    }

    /**
     * Gives the key of the content.
     *
     * @return its SHA-256 in hexadecimal digits
     */
    public String key() {
        return key;
    }
}
