package io.reactivestore.testkit;

import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.WebhookBackend;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bugs of the facet WEBHOOKS. */
final class WebhookDefects {

    static final List<Defect> ALL = List.of(
            OutgoingDefects.instead("W1", "deliveries get lost on their way", sent -> List.of()),
            Defect.inBackend("W2", "a delivery is written whether its entries are or not", WritesDeliveriesAnyhow::new),
            Defect.inWebhooks("W3", "a delivery begins anew with each entry it leaves with", BeginsAnew::new),
            Defect.inWebhooks("W4", "endpoints are handed out what is not for them", IgnoresEndpoints::new),
            Defect.inWebhooks("W5", "attempts are not recorded", ForgetsAttempts::new),
            Defect.inWebhooks("W6", "two askers are handed out the same delivery", HandsOutTwice::new),
            Defect.inWebhooks("W7", "a letter of a delivery is written once only", WritesNoSecondLetter::new));

    private WebhookDefects() {}

    private static class Hooks implements WebhookBackend {
        final WebhookBackend inner;

        Hooks(WebhookBackend inner) {
            this.inner = inner;
        }

        @Override
        public Mono<Delivery> find(String id) {
            return inner.find(id);
        }

        @Override
        public Mono<List<Delivery>> ofTrace(String traceId, int limit) {
            return inner.ofTrace(traceId, limit);
        }

        @Override
        public Mono<List<DeliveryAttempt>> attempts(String id) {
            return inner.attempts(id);
        }

        @Override
        public Mono<Map<DeliveryState, Long>> counts() {
            return inner.counts();
        }

        @Override
        public Mono<List<Delivery>> reserve(Due due) {
            return inner.reserve(due);
        }

        @Override
        public Mono<Boolean> replace(Change change) {
            return inner.replace(change);
        }
    }

    private static final class WritesDeliveriesAnyhow extends OutgoingDefects.WritesAnyhow {
        WritesDeliveriesAnyhow(JournalBackend inner) {
            super(inner);
        }

        @Override
        public Optional<WebhookBackend> webhooks() {
            return inner.webhooks().map(webhooks -> new Hooks(webhooks) {
                @Override
                public Mono<List<Delivery>> ofTrace(String traceId, int limit) {
                    return Flux.fromIterable(written())
                            .ofType(Outgoing.ToWebhook.class)
                            .map(Outgoing.ToWebhook::delivery)
                            .filter(delivery -> delivery.traceId().equals(traceId))
                            .collectList();
                }
            });
        }
    }

    private static final class BeginsAnew extends Hooks {
        BeginsAnew(WebhookBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Delivery> find(String id) {
            return inner.find(id)
                    .map(found -> found.state() == DeliveryState.DELIVERED
                            ? Delivery.due(
                                    found.id(),
                                    found.traceId(),
                                    found.workflow(),
                                    found.version(),
                                    found.endpoint(),
                                    found.event(),
                                    found.body(),
                                    found.createdAt())
                            : found);
        }
    }

    private static final class IgnoresEndpoints extends Hooks {
        IgnoresEndpoints(WebhookBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<Delivery>> reserve(Due due) {
            return inner.reserve(new Due(Set.of("billing"), due.now(), due.until(), due.limit()));
        }
    }

    private static final class ForgetsAttempts extends Hooks {
        ForgetsAttempts(WebhookBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> replace(Change change) {
            return inner.replace(new Change(change.next(), null, change.letter()));
        }
    }

    /** Gives out what it found, whoever else did meanwhile. */
    private static final class HandsOutTwice extends Hooks {
        private static final Map<WebhookBackend, Map<String, Delivery>> SEEN = new ConcurrentHashMap<>();

        HandsOutTwice(WebhookBackend inner) {
            super(inner);
        }

        @Override
        public Mono<List<Delivery>> reserve(Due due) {
            Map<String, Delivery> seen = SEEN.computeIfAbsent(inner, backend -> new ConcurrentHashMap<>());
            return inner.reserve(due).flatMap(found -> {
                if (found.isEmpty()) {
                    return Flux.fromIterable(seen.values()).take(1).collectList();
                }
                found.forEach(delivery -> seen.put(delivery.id(), delivery));
                return Mono.just(found);
            });
        }
    }

    private static final class WritesNoSecondLetter extends Hooks {
        WritesNoSecondLetter(WebhookBackend inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> replace(Change change) {
            return inner.attempts(change.next().id())
                    .flatMap(before -> inner.replace(
                            before.isEmpty() ? change : new Change(change.next(), change.attempt(), null)));
        }
    }
}
