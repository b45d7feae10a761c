package io.reactivestore.spi;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What an adapter adds so that deliveries can be kept. See {@link io.reactivestore.webhooks.Webhooks} for the meaning;
 * {@link JournalBackend} for the manners. New deliveries come with {@link TraceAppend#outgoing()}.
 *
 * <pre>{@code
 * WebhookBackend webhooks = backend.webhooks().orElseThrow();
 * Mono<Delivery> delivery = webhooks.find("order-42-billing");
 * }</pre>
 */
public interface WebhookBackend {

    /**
     * What is asked for.
     *
     * @param endpoints for these receivers only
     * @param now what is due by then
     * @param until the {@code dueAt} that the deliveries handed out get
     * @param limit how many at the most
     */
    record Due(Set<String> endpoints, Instant now, Instant until, int limit) {}

    /**
     * What is written in one commit.
     *
     * @param next the delivery as it is to be
     * @param attempt what the attempt came to, or null if there was none
     * @param letter a letter that takes the place of the one of the same id, of which its revision is then the next; or null
     */
    record Change(
            Delivery next,
            @Nullable DeliveryAttempt attempt,
            @Nullable DeadLetter letter) {}

    /**
     * Reads one delivery.
     *
     * @param id the delivery
     * @return a Mono that emits it, or is empty
     */
    Mono<Delivery> find(String id);

    /**
     * Reads the deliveries of a trace, by {@code createdAt}, then by id.
     *
     * @param traceId the trace
     * @param limit how many at the most
     * @return a Mono that emits them
     */
    Mono<List<Delivery>> ofTrace(String traceId, int limit);

    /**
     * Reads the attempts at a delivery, in the order in which they were written.
     *
     * @param id the delivery
     * @return a Mono that emits them
     */
    Mono<List<DeliveryAttempt>> attempts(String id);

    /**
     * Counts deliveries.
     *
     * @return a Mono that emits how many there are in each state; states without deliveries may be missing
     */
    Mono<Map<DeliveryState, Long>> counts();

    /**
     * Picks pending deliveries with a {@code dueAt} not behind {@code now}, the longest overdue first, sets their {@code dueAt}
     * to {@code until} and their revision to the next, so that of several such calls at once one gets each; it waits for none of
     * them.
     *
     * @param due what is asked for
     * @return a Mono that emits them as they then are
     */
    Mono<List<Delivery>> reserve(Due due);

    /**
     * Writes a delivery over the one of the same id, and what goes with it, if and only if the revision of that is one less.
     *
     * @param change what is written, all of it or nothing
     * @return a Mono that emits, once it is durable, whether it was written
     */
    Mono<Boolean> replace(Change change);
}
