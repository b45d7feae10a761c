package io.reactivestore.engine;

import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.testkit.ForwardingBackend;
import io.reactivestore.testkit.ForwardingClaims;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** A database that gives no hints: who wants to know has to ask. */
final class DeafBackend extends ForwardingBackend {

    DeafBackend(JournalBackend backend) {
        super(backend);
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return inner.claims().map(claims -> new ForwardingClaims(claims) {
            @Override
            public Flux<String> hints() {
                return Flux.never();
            }
        });
    }
}
