package io.reactivestore.engine.webhook;

import io.reactivestore.error.DeliveryStateException;
import io.reactivestore.error.StoreException;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/** Tries deliveries and records what that came to. */
final class WebhookAttempts {

    private static final Logger LOG = Loggers.getLogger(WebhookDispatcher.class);

    private final Webhooks webhooks;
    private final WebhookConfig config;
    private final WebhookSender sender;

    WebhookAttempts(Webhooks webhooks, WebhookConfig config) {
        this.webhooks = webhooks;
        this.config = config;
        this.sender = new WebhookSender(config);
    }

    /** Whoever has the delivery by now records what becomes of it. */
    Mono<Void> of(WebhookEndpoint endpoint, Delivery delivery) {
        Instant began = config.clock().instant();
        long from = System.nanoTime();
        return sender.send(endpoint, delivery, began)
                .map(status -> new DeliveryAttempt(began, status, null, since(from)))
                .flatMap(attempt -> webhooks.delivered(delivery, attempt))
                .onErrorResume(error -> !isOfTheStore(error), error -> failed(delivery, began, since(from), error))
                .onErrorComplete(DeliveryStateException.class)
                .then();
    }

    private static boolean isOfTheStore(Throwable error) {
        return error instanceof StoreException;
    }

    private Mono<Delivery> failed(Delivery delivery, Instant began, Duration took, Throwable error) {
        DeliveryAttempt attempt = error instanceof WebhookAnswerException answer
                ? new DeliveryAttempt(began, answer.status(), null, took)
                : new DeliveryAttempt(began, null, cut(error.getClass().getName()), took);
        int failures = delivery.attempts() + 1;
        if (!isTriedAgain(delivery, failures, error)) {
            return webhooks.giveUp(delivery, attempt);
        }
        Duration asked = error instanceof WebhookAnswerException answer ? answer.retryAfter() : Duration.ZERO;
        Duration delay =
                config.retry().delay(failures, ThreadLocalRandom.current().nextDouble(), asked);
        return webhooks.tryAgain(delivery, attempt, config.clock().instant().plus(delay));
    }

    /** A predicate that throws would do so each time: without an attempt on record the delivery would be tried for ever. */
    private boolean isTriedAgain(Delivery delivery, int failures, Throwable error) {
        try {
            return config.retry().allows(failures, error);
        } catch (RuntimeException broken) {
            LOG.warn("The retry policy failed on delivery {}, which is given up: {}", delivery.id(), broken.getClass());
            return false;
        }
    }

    private static String cut(String name) {
        return name.length() <= 255 ? name : name.substring(0, 255);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - nanos));
    }
}
