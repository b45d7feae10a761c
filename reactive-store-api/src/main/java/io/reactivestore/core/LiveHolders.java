package io.reactivestore.core;

import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.TraceHeldException;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.JournalBackend;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Which traces another engine runs that lives, as far as heads and heartbeats tell. */
final class LiveHolders {

    private final JournalBackend backend;
    private final @Nullable ClaimBackend claims;
    private final StoreConfig config;
    private final Gate gate;
    private final long writer;

    LiveHolders(JournalBackend backend, StoreConfig config, Gate gate, long writer) {
        this.backend = backend;
        this.claims = backend.claims().orElse(null);
        this.config = config;
        this.gate = gate;
        this.writer = writer;
    }

    /**
     * Completes unless the trace is run elsewhere. Who takes it up behind this does so by an entry, which a command at a known
     * position meets.
     */
    Mono<Void> refuse(String traceId) {
        ClaimBackend known = claims;
        if (known == null) {
            return Mono.empty();
        }
        Mono<Void> once = Mono.defer(() -> backend.head(traceId)).flatMap(head -> refuse(head, known));
        return gate.guard(traceId, once.retryWhen(Journals.whileTransient(config)));
    }

    private Mono<Void> refuse(TraceHead head, ClaimBackend known) {
        Long holder = head.holder();
        if (head.status() != TraceStatus.RUNNING || holder == null || holder == writer) {
            return Mono.empty();
        }
        return known.isAlive(holder, config.clock().instant())
                .flatMap(lives ->
                        lives ? Mono.error(new TraceHeldException(head.traceId(), holder)) : Mono.<Void>empty());
    }
}
