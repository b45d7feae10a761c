/**
 * Sending what traces tell endpoints: {@link io.reactivestore.engine.webhook.WebhookDispatcher}. Needs
 * {@code io.projectreactor.netty:reactor-netty-http} on the class path.
 *
 * <pre>{@code
 * WebhookEndpoint billing = WebhookEndpoint.of("billing", "https://billing.example.com/ends", secret);
 * WebhookDispatcher dispatcher = WebhookDispatcher.start(store, List.of(billing), WebhookConfig.defaults());
 * Mono<Void> stopped = dispatcher.close();
 * }</pre>
 */
@NullMarked
package io.reactivestore.engine.webhook;

import org.jspecify.annotations.NullMarked;
