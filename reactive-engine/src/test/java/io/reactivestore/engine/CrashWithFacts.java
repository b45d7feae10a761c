package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.Sha256;
import io.reactivestore.facts.FactReference;
import io.reactivestore.facts.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * All of it where every payload is encrypted and then a fact: each put is one more call to die at. What a crash leaves behind is
 * swept, and what the journal refers to is there.
 *
 * <p>To be run on another database, extend it there.
 */
public abstract class CrashWithFacts extends CrashEverywhere {

    private static final List<PayloadTransform> TRANSFORMS =
            List.of(PayloadTransform.encryption(KeyService.of(EncryptionKey.of("test", new byte[16]))));

    @Override
    protected EngineBuilder prepared(EngineBuilder builder) {
        TRANSFORMS.forEach(builder::transform);
        return builder.factThreshold(1);
    }

    @Override
    protected PersistenceStore readable(ReactiveStore store) {
        return new PayloadTraces(store.traces(), new Payloads(TRANSFORMS, store.require(Capability.FACTS), 1));
    }

    @Override
    protected void endsWell(ReactiveStore store, String traceId) {
        Facts facts = store.require(Capability.FACTS);
        Instant behindAll = Instant.now().plus(Duration.ofDays(36_500));
        facts.sweep(behindAll, Facts.MAX_SWEEP).block();

        // collected, as Reactor's iterators take a lock on the thread that emits
        Set<Sha256> referred = new HashSet<>();
        store.require(Capability.JOURNAL)
                .read(traceId, 0)
                .doOnNext(entry -> {
                    Payload payload = entry.event().payload();
                    FactReference reference = payload == null ? null : FactReference.of(payload);
                    if (reference != null) {
                        referred.add(reference.key());
                    }
                })
                .blockLast();
        assertThat(referred).isNotEmpty();
        assertThat(facts.references(traceId).collectList().block()).containsExactlyInAnyOrderElementsOf(referred);
        assertThat(Flux.fromIterable(referred).concatMap(facts::get).count().block())
                .isEqualTo(referred.size());
    }
}
