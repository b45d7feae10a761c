package io.reactivestore.core;

import io.reactivestore.Failure;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.error.DeliveryNotFoundException;
import io.reactivestore.error.DeliveryStateException;
import io.reactivestore.internal.Check;
import io.reactivestore.spi.WebhookBackend;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import io.reactivestore.webhooks.Webhooks;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The facet WEBHOOKS: which moves there are. A claim is a revision: who knows it has the delivery. */
final class JournaledWebhooks implements Webhooks {

    private final WebhookBackend backend;
    private final Gate gate;

    JournaledWebhooks(WebhookBackend backend, Gate gate) {
        this.backend = backend;
        this.gate = gate;
    }

    @Override
    public Mono<Delivery> find(String id) {
        Check.name("id", id, Check.NAME_CHARS);
        return gate.guard(null, Mono.defer(() -> backend.find(id)));
    }

    @Override
    public Flux<Delivery> ofTrace(String traceId) {
        Check.traceId(traceId);
        return gate.guard(traceId, Mono.defer(() -> backend.ofTrace(traceId, MAX_LIMIT)))
                .flatMapIterable(found -> found);
    }

    @Override
    public Flux<DeliveryAttempt> attempts(String id) {
        Check.name("id", id, Check.NAME_CHARS);
        return gate.guard(null, Mono.defer(() -> backend.attempts(id))).flatMapIterable(found -> found);
    }

    @Override
    public Mono<Map<DeliveryState, Long>> counts() {
        return gate.guard(null, Mono.defer(backend::counts)).map(found -> {
            Map<DeliveryState, Long> counts = new EnumMap<>(DeliveryState.class);
            for (DeliveryState state : DeliveryState.values()) {
                counts.put(state, found.getOrDefault(state, 0L));
            }
            return counts;
        });
    }

    @Override
    public Flux<Delivery> claim(Collection<String> endpoints, Instant now, Instant until, int limit) {
        Set<String> names = new HashSet<>(Check.present("endpoints", endpoints));
        names.forEach(name -> Check.name("an endpoint", name, Check.NAME_CHARS));
        Check.atLeast("limit", limit, 1);
        Check.atMost("limit", limit, MAX_LIMIT);
        WebhookBackend.Due due =
                new WebhookBackend.Due(names, Check.instant("now", now), Check.instant("until", until), limit);
        return gate.guard(null, names.isEmpty() ? Mono.just(List.<Delivery>of()) : reserve(due))
                .flatMapIterable(found -> found);
    }

    private Mono<List<Delivery>> reserve(WebhookBackend.Due due) {
        return Mono.defer(() -> backend.reserve(due));
    }

    @Override
    public Mono<Delivery> delivered(Delivery claimed, DeliveryAttempt attempt) {
        return record(
                claimed,
                attempt,
                known -> new WebhookBackend.Change(
                        known.next(DeliveryState.DELIVERED, known.attempts() + 1, null), attempt, null));
    }

    @Override
    public Mono<Delivery> tryAgain(Delivery claimed, DeliveryAttempt attempt, Instant next) {
        Instant due = Check.instant("next", next);
        return record(
                claimed,
                attempt,
                known -> new WebhookBackend.Change(
                        known.next(DeliveryState.PENDING, known.attempts() + 1, due), attempt, null));
    }

    @Override
    public Mono<Delivery> giveUp(Delivery claimed, DeliveryAttempt attempt) {
        return record(
                claimed,
                attempt,
                known -> new WebhookBackend.Change(
                        known.next(DeliveryState.FAILED, known.attempts() + 1, null), attempt, letter(known, attempt)));
    }

    private static DeadLetter letter(Delivery failed, DeliveryAttempt last) {
        String what = "endpoint '" + failed.endpoint() + "' was not reached in " + (failed.attempts() + 1)
                + " attempts; the last one: " + last.outcome();
        return DeadLetter.pending(
                        failed.id(),
                        failed.traceId(),
                        failed.workflow(),
                        failed.version(),
                        DeadLetterCause.DELIVERY,
                        last.at())
                .withFailure(new Failure("delivery", what, null));
    }

    private Mono<Delivery> record(
            Delivery claimed, DeliveryAttempt attempt, Function<Delivery, WebhookBackend.Change> change) {
        Check.present("claimed", claimed);
        Check.present("attempt", attempt);
        return move(claimed.id(), known -> {
            if (known.state() != DeliveryState.PENDING || known.revision() != claimed.revision()) {
                throw new DeliveryStateException(known);
            }
            return change.apply(known);
        });
    }

    @Override
    public Mono<Delivery> redeliver(String id, Instant now) {
        Instant due = Check.instant("now", now);
        return move(id, known -> {
            if (known.state() != DeliveryState.FAILED) {
                throw new DeliveryStateException(known);
            }
            return new WebhookBackend.Change(known.next(DeliveryState.PENDING, 0, due), null, null);
        });
    }

    /** Each round means that somebody else has moved the delivery, which most moves do not outlive: so it ends. */
    private Mono<Delivery> move(String id, Function<Delivery, WebhookBackend.Change> rule) {
        Check.name("id", id, Check.NAME_CHARS);
        Mono<Delivery> once = Mono.defer(() -> backend.find(id))
                .switchIfEmpty(Mono.error(() -> new DeliveryNotFoundException(id)))
                .map(rule)
                .flatMap(change ->
                        backend.replace(change).filter(written -> written).map(written -> change.next()));
        return gate.guard(null, once.repeatWhenEmpty(rounds -> rounds));
    }
}
