package io.reactivestore.webhooks;

/**
 * Where a delivery stands.
 *
 * <pre>{@code
 * Mono<Long> waiting = store.require(Capability.WEBHOOKS).counts().map(counts -> counts.get(DeliveryState.PENDING));
 * }</pre>
 */
public enum DeliveryState {
    /** It is to be tried, at once or later, or is being tried. */
    PENDING,
    /** The receiver has acknowledged it. An end. */
    DELIVERED,
    /** It was tried as often as it may be; a dead letter tells of it. {@link Webhooks#redeliver} makes it pending again. */
    FAILED
}
