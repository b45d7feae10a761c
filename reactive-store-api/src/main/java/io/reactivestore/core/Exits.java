package io.reactivestore.core;

import io.reactivestore.Capability;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.error.CapabilityMissingException;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.JournalBackend;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What may leave a trace: that for which the backend has a place. */
record Exits(
        boolean deadLetters, boolean webhooks, @Nullable CatalogBackend catalog, Gate gate) {

    static Exits of(JournalBackend backend, Gate gate) {
        return new Exits(
                backend.deadLetters().isPresent(),
                backend.webhooks().isPresent(),
                backend.catalog().orElse(null),
                gate);
    }

    List<Outgoing> check(String traceId, long expectedPosition, List<Outgoing> given) {
        List<Outgoing> outgoing = List.copyOf(Check.present("outgoing", given));
        for (Outgoing each : outgoing) {
            if (!each.traceId().equals(traceId)) {
                throw new IllegalArgumentException("something that leaves trace '" + traceId + "' is of another trace");
            }
            if (!(each instanceof Outgoing.ToWebhook) && !deadLetters) {
                throw new CapabilityMissingException(Capability.DEAD_LETTERS.name(), List.of());
            }
            if (each instanceof Outgoing.ToWebhook && !webhooks) {
                throw new CapabilityMissingException(Capability.WEBHOOKS.name(), List.of());
            }
            if (each instanceof Outgoing.ToCatalog) {
                if (catalog == null) {
                    throw new CapabilityMissingException(Capability.CATALOG.name(), List.of());
                }
                // whatever stands at the first position wins, so nobody else's tags are ever met
                if (expectedPosition != 0) {
                    throw new IllegalArgumentException("trace '" + traceId
                            + "' can be described with its first entries only; later use the catalog");
                }
            }
        }
        return outgoing;
    }

    /** What leaves one trace, put together: it has one letter, so one word about that is the last. */
    static List<Outgoing> together(List<Outgoing> before, List<Outgoing> more) {
        List<Outgoing> all = new ArrayList<>(before.size() + more.size());
        Outgoing last = null;
        for (List<Outgoing> part : List.of(before, more)) {
            for (Outgoing each : part) {
                if (each instanceof Outgoing.ToWebhook || each instanceof Outgoing.ToCatalog) {
                    all.add(each);
                } else {
                    last = last(last, each);
                }
            }
        }
        if (last != null) {
            all.add(last);
        }
        return all;
    }

    private static Outgoing last(@Nullable Outgoing before, Outgoing next) {
        if (before == null || next instanceof Outgoing.ToDeadLetters) {
            return next;
        }
        if (next instanceof Outgoing.Settled settled
                && before instanceof Outgoing.ToDeadLetters sent
                && sent.letter().state() == DeadLetterState.PENDING) {
            DeadLetter letter = sent.letter().moved(DeadLetterState.RESOLVED, settled.at(), settled.reason());
            return new Outgoing.ToDeadLetters(letter.withRevision(1));
        }
        return before;
    }

    /** What describes a trace, as another one takes it over. */
    Mono<List<Outgoing>> tagsOf(String source, String traceId) {
        CatalogBackend described = catalog;
        if (described == null) {
            return Mono.just(List.of());
        }
        return gate.guard(source, Mono.defer(() -> described.tags(List.of(source))))
                .map(all -> {
                    TraceTags tags = all.get(source);
                    return tags == null ? List.of() : List.of(new Outgoing.ToCatalog(traceId, tags));
                });
    }
}
