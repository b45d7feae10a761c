package io.reactivestore.webhooks;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The facet WEBHOOKS: an outbox. A delivery is written in the same commit as the entries of the journal that it tells of, with
 * {@link io.reactivestore.journal.Journal#appendAfter(String, long, java.util.List, java.util.List)}; an engine does so by itself.
 * Whoever sends it claims it for a time, tries, and records what the attempt came to. A sender that dies leaves a claim that runs
 * out, so a delivery is tried at least once, and maybe again: its id tells the receiver. Every call happens on subscription, each
 * subscription by itself; one that is cancelled happens entirely or not at all.
 *
 * <pre>{@code
 * Webhooks webhooks = store.require(Capability.WEBHOOKS);
 * Instant now = Instant.now();
 * Flux<Delivery> mine = webhooks.claim(Set.of("billing"), now, now.plusSeconds(60), 100);
 * }</pre>
 */
public interface Webhooks {

    /** The largest number of deliveries one call hands out or lists. */
    int MAX_LIMIT = 1_000;

    /**
     * Looks a delivery up.
     *
     * @param id the delivery
     * @return a Mono that emits it, or is empty if there is none
     */
    Mono<Delivery> find(String id);

    /**
     * Lists the deliveries of a trace, oldest first; the id breaks ties.
     *
     * @param traceId the trace
     * @return its deliveries, at most {@value #MAX_LIMIT}
     */
    Flux<Delivery> ofTrace(String traceId);

    /**
     * Lists the attempts at a delivery, in order.
     *
     * @param id the delivery
     * @return what was recorded of each
     */
    Flux<DeliveryAttempt> attempts(String id);

    /**
     * Counts the deliveries by state.
     *
     * @return a Mono that emits how many there are in each state, 0 included
     */
    Mono<Map<DeliveryState, Long>> counts();

    /**
     * Hands out deliveries whose time has come, the longest overdue first. None of them is handed out again until the given time,
     * unless what they came to is recorded before. Several callers at once get different ones.
     *
     * @param endpoints the names of the receivers the caller can send to
     * @param now the time on the caller's clock
     * @param until from when on others may try
     * @param limit how many, 1 to {@value #MAX_LIMIT}
     * @return the deliveries, as they are from now on
     * @throws IllegalArgumentException if the limit is out of range
     */
    Flux<Delivery> claim(Collection<String> endpoints, Instant now, Instant until, int limit);

    /**
     * Records that the receiver has acknowledged a delivery.
     *
     * @param claimed the delivery as it was handed out
     * @param attempt what the attempt came to
     * @return a Mono that emits the delivery as it then is, or signals
     *     {@link io.reactivestore.error.DeliveryNotFoundException}, or
     *     {@link io.reactivestore.error.DeliveryStateException} if the claim has run out and somebody else has it
     */
    Mono<Delivery> delivered(Delivery claimed, DeliveryAttempt attempt);

    /**
     * Records that an attempt failed and when the next one is due.
     *
     * @param claimed the delivery as it was handed out
     * @param attempt what the attempt came to
     * @param next when to try again
     * @return as {@link #delivered}
     */
    Mono<Delivery> tryAgain(Delivery claimed, DeliveryAttempt attempt, Instant next);

    /**
     * Records that an attempt failed and was the last. In the same commit a dead letter is written, with the id of the delivery.
     *
     * @param claimed the delivery as it was handed out
     * @param attempt what the attempt came to
     * @return as {@link #delivered}
     */
    Mono<Delivery> giveUp(Delivery claimed, DeliveryAttempt attempt);

    /**
     * Makes a delivery that failed due again, with all its attempts before it. Its dead letter is left to whoever calls: a replay of
     * the letter does both.
     *
     * @param id the delivery
     * @param now the time on the caller's clock
     * @return a Mono that emits the delivery as it then is, or signals
     *     {@link io.reactivestore.error.DeliveryNotFoundException}, or
     *     {@link io.reactivestore.error.DeliveryStateException} if it has not failed
     */
    Mono<Delivery> redeliver(String id, Instant now);
}
