package io.reactivestore.core;

import io.reactivestore.Payload;
import io.reactivestore.journal.JournalEvent;

/** The check that no payload is larger than configured. */
final class PayloadLimit {

    private PayloadLimit() {}

    static void check(JournalEvent event, StoreConfig config) {
        Payload payload = event.payload();
        if (payload != null) {
            check(payload, config);
        }
    }

    static void check(Payload payload, StoreConfig config) {
        if (payload.size() > config.maxPayloadBytes()) {
            throw new IllegalArgumentException("a payload may have " + config.maxPayloadBytes() + " bytes, found "
                    + payload.size() + ". Raise StoreConfig.maxPayloadBytes, or keep large content elsewhere.");
        }
    }
}
