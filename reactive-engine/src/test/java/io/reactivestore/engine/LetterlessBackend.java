package io.reactivestore.engine;

import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.WebhookBackend;
import io.reactivestore.testkit.ForwardingBackend;
import java.util.Optional;

/** A database that keeps no dead letters, and so no webhooks either. */
final class LetterlessBackend extends ForwardingBackend {

    LetterlessBackend(JournalBackend backend) {
        super(backend);
    }

    @Override
    public Optional<DeadLetterBackend> deadLetters() {
        return Optional.empty();
    }

    @Override
    public Optional<WebhookBackend> webhooks() {
        return Optional.empty();
    }
}
