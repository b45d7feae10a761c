package io.reactivestore.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EncryptionKey;
import io.reactivestore.engine.KeyService;
import io.reactivestore.engine.PayloadTransform;
import io.reactivestore.engine.Workflow;
import io.reactivestore.facts.Facts;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PayloadsGuideTest extends Guide {

    @Test
    void long_traces() {
        // guide
        Workflow<Integer, Integer> importing = Workflow.named("importing")
                .input(Integer.class)
                .output(Integer.class)
                .body((ctx, pages) -> ctx.carried(Integer.class, 1)
                        .flatMap(page -> ctx.step("page", Integer.class, () -> Mono.just(page))
                                .flatMap(done -> done < pages ? ctx.continueWith(done + 1) : Mono.just(done))));
        // end
        DurableEngine engine = engine(importing);
        assertThat(engine.run(importing, "t", 30).block()).isEqualTo(30);
        assertThat(store.traces().load("t").block().envelopes()).hasSize(4);
    }

    @Test
    void large_and_secret_payloads() {
        byte[] newKey = new byte[32];
        byte[] oldKey = new byte[32];
        Workflow<String, String> report = Workflow.named("report")
                .input(String.class)
                .output(String.class)
                .body((ctx, text) -> ctx.step("print", String.class, () -> Mono.just(text + text)));
        // guide
        KeyService keys = KeyService.of(EncryptionKey.of("2026", newKey), EncryptionKey.of("2025", oldKey));
        DurableEngine engine = DurableEngine.builder(store)
                .transform(PayloadTransform.compression())
                .transform(PayloadTransform.encryption(keys))
                .factThreshold(64 * 1024)
                .register(report)
                .build();
        Mono<Long> swept = store.require(Capability.FACTS).sweep(clock.instant().minus(Facts.GRACE), Facts.MAX_SWEEP);
        // end
        assertThat(engine.run(report, "t", "x".repeat(100_000)).block()).hasSize(200_000);
        assertThat(swept.block()).isZero();
    }
}
