package io.reactivestore.error;

import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryState;

/** A delivery is not as the caller knows it: a claim on it has run out and somebody else has it, or it has not failed. */
public final class DeliveryStateException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** The state found. */
    private final DeliveryState found;

    /**
     * Says how it was found.
     *
     * @param delivery the delivery as it was found
     */
    public DeliveryStateException(Delivery delivery) {
        super(
                delivery.traceId(),
                "Delivery '" + delivery.id() + "' is " + delivery.state() + " after " + delivery.attempts()
                        + " attempts, at revision " + delivery.revision()
                        + ", not as the caller knows it: somebody else has it, or it has not failed. Look it up.");
        this.found = delivery.state();
    }

    /**
     * Gives the state found.
     *
     * @return where the delivery stands
     */
    public DeliveryState found() {
        return found;
    }
}
