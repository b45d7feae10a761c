package io.reactivestore.error;

/** There is no delivery of that id. */
public final class DeliveryNotFoundException extends StoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the delivery.
     *
     * @param id what was asked for
     */
    public DeliveryNotFoundException(String id) {
        super(null, "There is no delivery '" + id + "'. Check the id; the deliveries of a trace can be listed.");
    }
}
