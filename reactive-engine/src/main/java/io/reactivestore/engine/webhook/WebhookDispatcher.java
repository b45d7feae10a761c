package io.reactivestore.engine.webhook;

import io.reactivestore.Capability;
import io.reactivestore.ReactiveStore;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Sends what traces tell endpoints. It claims deliveries that are due, tries each, and records what that came to; a delivery that
 * fails is tried again with growing delays, which respect {@code Retry-After} beside 429 and 503, and in the end leaves a dead
 * letter. An endpoint that is slow takes no more slots than {@link WebhookConfig#maxPerEndpoint}. Any number of dispatchers share a
 * store, each with the endpoints it knows. One that dies leaves claims that run out half a minute after its timeout: a delivery
 * arrives at least once, and its id, in the header {@code X-Reactive-Store-Delivery}, is the same each time; what is not printable
 * ASCII, and {@code %}, is percent-encoded there. Each is signed, see {@link WebhookSignature}.
 *
 * <p>An answer with a status of 200 to 299 acknowledges; what else it holds is not kept. Redirects are not followed, proxies not
 * used. Names are resolved for each attempt, and only public addresses are connected to, unless {@link WebhookConfig} says
 * otherwise.
 *
 * <pre>{@code
 * WebhookEndpoint billing = WebhookEndpoint.of("billing", "https://billing.example.com/ends", secret);
 * WebhookDispatcher dispatcher = WebhookDispatcher.start(store, List.of(billing), WebhookConfig.defaults());
 * }</pre>
 */
public final class WebhookDispatcher {

    private static final Logger LOG = Loggers.getLogger(WebhookDispatcher.class);

    /** What recording may take beyond an attempt. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Webhooks webhooks;
    private final Map<String, WebhookEndpoint> endpoints;
    private final WebhookConfig config;
    private final WebhookAttempts attempts;
    private final WebhookSlots slots;
    private final Scheduler scheduler = Schedulers.parallel();
    private final Disposable.Swap nextLook = Disposables.swap();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Sinks.Empty<Void> idle = Sinks.empty();
    private volatile boolean stopped;

    private WebhookDispatcher(Webhooks webhooks, Map<String, WebhookEndpoint> endpoints, WebhookConfig config) {
        this.webhooks = webhooks;
        this.endpoints = endpoints;
        this.config = config;
        this.attempts = new WebhookAttempts(webhooks, config);
        this.slots = new WebhookSlots(endpoints.keySet(), config.maxAtOnce(), config.maxPerEndpoint());
    }

    /**
     * Starts sending, which needs no subscriber; {@link #close} ends that.
     *
     * @param store where deliveries are kept; it stays the caller's
     * @param endpoints the receivers; what is for others is left to other dispatchers
     * @param config how to send
     * @return the dispatcher
     * @throws io.reactivestore.error.CapabilityMissingException if the store has no facet WEBHOOKS
     * @throws IllegalArgumentException if two receivers have one name
     */
    public static WebhookDispatcher start(
            ReactiveStore store, Collection<WebhookEndpoint> endpoints, WebhookConfig config) {
        Map<String, WebhookEndpoint> byName = endpoints.stream()
                .collect(Collectors.toUnmodifiableMap(WebhookEndpoint::name, Function.identity(), (one, another) -> {
                    throw new IllegalArgumentException("two endpoints have the name '" + one.name() + "'");
                }));
        WebhookDispatcher dispatcher =
                new WebhookDispatcher(store.require(Capability.WEBHOOKS), byName, Objects.requireNonNull(config));
        dispatcher.lookSoon();
        return dispatcher;
    }

    /** Looks for what is due at once, or once more when the look under way is over. */
    private void lookSoon() {
        if (!stopped && looks.getAndIncrement() == 0) {
            look();
        }
    }

    /** One edge of the engine: subscribes. The look itself is under way too, so that a stop waits for what it claims. */
    private void look() {
        underWay.incrementAndGet();
        WebhookSlots.Room room = slots.room();
        Mono<Integer> looked = room.limit() == 0 || stopped ? Mono.just(0) : claim(room);
        looked.subscribe(
                claimed -> {
                    over();
                    lookedUp(claimed > 0 && claimed == room.limit());
                },
                error -> {
                    LOG.warn("Could not look for deliveries; trying again: {}", String.valueOf(error));
                    over();
                    lookedUp(false);
                });
    }

    /** Emits how many were claimed. */
    private Mono<Integer> claim(WebhookSlots.Room room) {
        Instant now = config.clock().instant();
        Instant until = now.plus(config.timeout()).plus(GRACE);
        return webhooks.claim(room.endpoints(), now, until, room.limit())
                .doOnNext(this::begin)
                .reduce(0, (count, delivery) -> count + 1);
    }

    private void lookedUp(boolean thereIsMore) {
        boolean again = looks.getAndSet(0) > 1 || thereIsMore;
        if (!stopped) {
            long millis = again ? 0 : Math.max(1, config.pollInterval().toMillis());
            nextLook.update(scheduler.schedule(this::lookSoon, millis, TimeUnit.MILLISECONDS));
        }
    }

    private void begin(Delivery delivery) {
        underWay.incrementAndGet();
        slots.take(delivery.endpoint());
        WebhookEndpoint endpoint = Objects.requireNonNull(endpoints.get(delivery.endpoint()));
        attempts.of(endpoint, delivery)
                .subscribe(
                        nothing -> {},
                        error -> {
                            LOG.warn(
                                    "Could not record an attempt at delivery {}; it is tried again when its claim has run"
                                            + " out: {}",
                                    delivery.id(),
                                    String.valueOf(error));
                            over(delivery);
                        },
                        () -> over(delivery));
    }

    private void over(Delivery delivery) {
        boolean wasFull = slots.giveBack(delivery.endpoint());
        over();
        if (wasFull) {
            lookSoon();
        }
    }

    private void over() {
        if (underWay.decrementAndGet() == 0 && stopped) {
            idle.tryEmitEmpty();
        }
    }

    /**
     * Stops: on subscription nothing more is claimed; attempts under way come to their end, at the latest after the timeout, and
     * are recorded. What was not sent is left to other dispatchers. Closing again waits for the same. Cancel has no effect. The
     * store stays open.
     *
     * @return a Mono that completes when nothing is under way
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            stopped = true;
            nextLook.dispose();
            if (underWay.get() == 0) {
                idle.tryEmitEmpty();
            }
            return idle.asMono();
        });
    }
}
