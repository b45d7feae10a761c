package io.reactivestore.testkit;

import io.reactivestore.TraceHead;
import io.reactivestore.spi.ClaimBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The claims of a {@link ForwardingBackend}: passes on whatever is not overridden.
 *
 * <pre>{@code
 * ClaimBackend deaf = new ForwardingClaims(backend.claims().orElseThrow()) {
 *     @Override
 *     public Flux<String> hints() {
 *         return Flux.never();
 *     }
 * };
 * }</pre>
 */
public class ForwardingClaims implements ClaimBackend {

    /** What lies below. */
    protected final ClaimBackend inner;

    /**
     * Stands in front of claims.
     *
     * @param inner what calls are passed on to
     */
    protected ForwardingClaims(ClaimBackend inner) {
        this.inner = inner;
    }

    @Override
    public Mono<Void> beat(long writer, String name, Instant until, Instant now) {
        return inner.beat(writer, name, until, now);
    }

    @Override
    public Mono<Void> leave(long writer) {
        return inner.leave(writer);
    }

    @Override
    public Mono<Boolean> isAlive(long writer, Instant now) {
        return inner.isAlive(writer, now);
    }

    @Override
    public Mono<List<TraceHead>> reserve(Due due) {
        return inner.reserve(due);
    }

    @Override
    public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
        return inner.positions(traceIds);
    }

    @Override
    public Flux<String> hints() {
        return inner.hints();
    }
}
