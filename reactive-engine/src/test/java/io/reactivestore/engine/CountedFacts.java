package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.facts.FactReference;
import io.reactivestore.facts.Facts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Facts that remember what they were asked for, and may take their time. */
final class CountedFacts implements Facts {

    final List<FactReference> read = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger put = new AtomicInteger();
    UnaryOperator<Mono<Payload>> reading = reading -> reading;
    private final Facts inner;

    CountedFacts(Facts inner) {
        this.inner = inner;
    }

    @Override
    public Mono<Sha256> put(Payload content) {
        return inner.put(content);
    }

    @Override
    public Mono<FactReference> put(String traceId, Payload content) {
        return inner.put(traceId, content).doFirst(put::incrementAndGet);
    }

    @Override
    public Mono<Void> refer(String traceId, Collection<FactReference> references) {
        return inner.refer(traceId, references);
    }

    @Override
    public Mono<Payload> get(Sha256 key) {
        return inner.get(key);
    }

    @Override
    public Mono<Payload> get(String traceId, FactReference reference) {
        return reading.apply(inner.get(traceId, reference).doFirst(() -> read.add(reference)));
    }

    @Override
    public Flux<Sha256> references(String traceId) {
        return inner.references(traceId);
    }

    @Override
    public Mono<Long> sweep(Instant before, int limit) {
        return inner.sweep(before, limit);
    }
}
