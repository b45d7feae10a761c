package io.reactivestore.core;

import io.reactivestore.Capability;
import io.reactivestore.error.CapabilityMissingException;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.spi.JournalBackend;
import java.util.List;

/** What may leave a trace: that for which the backend has a place. */
record Exits(boolean deadLetters, boolean webhooks) {

    static Exits of(JournalBackend backend) {
        return new Exits(backend.deadLetters().isPresent(), backend.webhooks().isPresent());
    }

    List<Outgoing> check(String traceId, List<Outgoing> given) {
        List<Outgoing> outgoing = List.copyOf(Check.present("outgoing", given));
        for (Outgoing each : outgoing) {
            if (!each.traceId().equals(traceId)) {
                throw new IllegalArgumentException("something that leaves trace '" + traceId + "' is of another trace");
            }
            if (each instanceof Outgoing.ToDeadLetters && !deadLetters) {
                throw new CapabilityMissingException(Capability.DEAD_LETTERS.name(), List.of());
            }
            if (each instanceof Outgoing.ToWebhook && !webhooks) {
                throw new CapabilityMissingException(Capability.WEBHOOKS.name(), List.of());
            }
        }
        return outgoing;
    }
}
