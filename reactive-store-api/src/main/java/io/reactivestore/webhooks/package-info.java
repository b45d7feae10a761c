/**
 * Telling others how traces ended, without losing it: {@link io.reactivestore.webhooks.Webhooks}.
 *
 * <pre>{@code
 * Webhooks webhooks = store.require(Capability.WEBHOOKS);
 * Flux<String> told = webhooks.ofTrace("order-42")
 *         .map(delivery -> delivery.endpoint() + ": " + delivery.state() + " after " + delivery.attempts());
 * }</pre>
 */
@NullMarked
package io.reactivestore.webhooks;

import org.jspecify.annotations.NullMarked;
