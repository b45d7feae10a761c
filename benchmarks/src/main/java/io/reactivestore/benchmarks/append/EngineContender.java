package io.reactivestore.benchmarks.append;

import io.reactivestore.benchmarks.host.BenchmarkDatabase;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Workflow;
import io.reactivestore.r2dbc.R2dbcConfig;
import io.reactivestore.r2dbc.R2dbcStore;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The engine on the store, from start to result: traces of ten steps that do nothing and give about 300 bytes of JSON each. */
final class EngineContender implements Contender {

    private final R2dbcStore store;
    private final DurableEngine engine;
    private final Workflow<String, Long> workflow = Workflow.named("order")
            .input(String.class)
            .output(Long.class)
            .body((ctx, input) -> Flux.range(0, Work.STEPS)
                    .concatMap(i -> ctx.step("charge-card", String.class, () -> Mono.just(input)))
                    .count());

    EngineContender(BenchmarkDatabase database) {
        store = R2dbcStore.create(database.r2dbcUrl(), R2dbcConfig.defaults().withTablePrefix(StoreContender.PREFIX));
        store.migrate().block();
        engine = DurableEngine.builder(store).register(workflow).build();
    }

    @Override
    public void append(int callers, Load load) {
        Flux.range(0, callers).flatMap(i -> caller(load), callers).blockLast();
    }

    private Mono<Void> caller(Load load) {
        return Mono.defer(() -> {
                    long start = System.nanoTime();
                    ThreadLocalRandom random = ThreadLocalRandom.current();
                    String traceId = new UUID(random.nextLong(), random.nextLong()).toString();
                    return engine.run(workflow, traceId, Work.text())
                            .doOnSuccess(any -> load.acknowledged(Work.STEPS, start));
                })
                .repeat(load::isRunning)
                .then();
    }

    @Override
    public void close() {
        engine.close().then(store.close()).block();
    }
}
