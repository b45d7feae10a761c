package io.reactivestore.engine;

/** A payload was encrypted with a key that the {@link KeyService} does not have. Add the key, then resume the trace. */
public final class UnknownKeyException extends PayloadTransformException {

    private static final long serialVersionUID = 1L;

    /** The id of the key. */
    private final String keyId;

    UnknownKeyException(String keyId) {
        super(
                "A payload was encrypted with the key '" + keyId
                        + "', which the key service does not have. Keep old keys as long as traces that were written with them.");
        this.keyId = keyId;
    }

    /**
     * Gives the key.
     *
     * @return the id of the key
     */
    public String keyId() {
        return keyId;
    }
}
