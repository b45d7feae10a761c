package io.reactivestore.engine;

/**
 * A payload on record cannot be read by the transforms of the engine: it is damaged, or was written with a key that is not the one
 * of that id. The run stops; the trace stays open.
 */
public class PayloadTransformException extends EngineException {

    private static final long serialVersionUID = 1L;

    /**
     * For transforms.
     *
     * @param message what happened and what to do; no content of the payload, and no key
     */
    public PayloadTransformException(String message) {
        super(null, message, null);
    }
}
