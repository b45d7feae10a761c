package io.reactivestore.engine;

import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.testkit.ForwardingBackend;
import io.reactivestore.testkit.ForwardingClaims;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A database with hints that come as soon as time passes, and on the thread on which it does. */
final class PunctualBackend extends ForwardingBackend {

    private final Sinks.Many<String> hints = Sinks.many().multicast().directBestEffort();
    private final VirtualTimeScheduler time;

    PunctualBackend(VirtualTimeScheduler time, JournalBackend backend) {
        super(backend);
        this.time = time;
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return inner.append(batch)
                .doOnNext(leftOut -> batch.stream()
                        .filter(append -> append.isNews() && !leftOut.contains(append.traceId()))
                        .forEach(append ->
                                time.schedule(() -> hints.tryEmitNext(append.traceId()), 1, TimeUnit.MICROSECONDS)));
    }

    @Override
    public Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        return inner.readAll(traceIds, limit);
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return inner.claims().map(PunctualClaims::new);
    }

    private final class PunctualClaims extends ForwardingClaims {

        PunctualClaims(ClaimBackend claims) {
            super(claims);
        }

        @Override
        public Flux<String> hints() {
            return hints.asFlux();
        }
    }
}
