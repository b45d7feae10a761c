package io.reactivestore.r2dbc;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.error.StoreOverloadedException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A process that appends {@code traces * steps} entries, breadth first, with so many callers at once, and prints what became of
 * them. Arguments: URL, traces, steps, callers (0: all at once, as fast as they can be made).
 */
final class AppendingUnderMemoryLimit {

    private AppendingUnderMemoryLimit() {}

    public static void main(String[] args) {
        int traces = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        int callers = Integer.parseInt(args[3]);
        R2dbcConfig config = R2dbcConfig.defaults();
        R2dbcStore store = R2dbcStore.create(
                args[0],
                callers > 0 ? config : config.withStore(StoreConfig.defaults().withMaxWaitingCallers(2_000)));
        store.migrate().block();
        AtomicLong accepted = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        long began = System.nanoTime();
        Flux.range(0, traces * steps)
                .flatMap(
                        i -> store.traces()
                                .append(step("trace-" + i % traces, 1 + i / traces))
                                .doOnNext(position -> accepted.incrementAndGet())
                                .onErrorResume(StoreOverloadedException.class, error -> {
                                    refused.incrementAndGet();
                                    return Mono.empty();
                                }),
                        callers == 0 ? Integer.MAX_VALUE : callers)
                .then()
                .block();
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        Long after = store.traces().append(step("after", 1)).block();
        store.close().block();
        System.out.println("accepted=" + accepted + " refused=" + refused + " after=" + after);
        System.out.println("seconds=" + seconds);
        Runtime.getRuntime().halt(0);
    }

    private static PersistenceEnvelope step(String traceId, int step) {
        return PersistenceEnvelope.of(traceId, "memory", step, "node-" + step, Outcome.SUCCESS, Instant.EPOCH)
                .withPayload(Payload.json("{\"step\":" + step + ",\"text\":\"" + "x".repeat(200) + "\"}"));
    }
}
