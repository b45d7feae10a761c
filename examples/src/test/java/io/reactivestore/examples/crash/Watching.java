package io.reactivestore.examples.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Payload;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.TraceUpdate;
import io.reactivestore.engine.Workflow;
import io.reactivestore.spi.JournalBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Who watches from another process sees all of a trace, once and in order, while it runs and from any place on. */
abstract class Watching {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STEPS = 300;

    private final Workflow<String, Long> order = Workflow.named("order")
            .input(String.class)
            .output(Long.class)
            .body((ctx, input) -> ctx.awaitIntervention("release", String.class)
                    .thenMany(Flux.range(0, STEPS)
                            .concatMap(i -> ctx.step("pack", Integer.class, () -> Mono.just(i))
                                    .then(ctx.emit("progress", i))
                                    .thenReturn(i)))
                    .count());

    private final DurableEngine here;
    private final DurableEngine elsewhere;

    Watching(JournalBackend database) {
        here = engine(database);
        elsewhere = engine(database);
    }

    private DurableEngine engine(JournalBackend database) {
        return DurableEngine.builder(
                        JournaledStore.over(database, StoreConfig.defaults().withFollowInterval(Duration.ofMillis(20))))
                .register(order)
                .build();
    }

    private void release() {
        here.watch("t").filter(TraceUpdate.Waiting.class::isInstance).next().block(PATIENCE);
        here.intervene(
                        "t",
                        Intervention.of("d", "release", InterventionAction.SUPPLY, Instant.now())
                                .withPayload(Payload.json("\"yes\"")))
                .block(PATIENCE);
    }

    @Test
    void a_watcher_elsewhere_sees_all_of_it_while_it_runs_and_one_who_comes_later_the_rest() {
        here.start(order, "t", "x").block(PATIENCE);
        Mono<List<TraceUpdate>> live =
                elsewhere.watch("t").timeout(PATIENCE).collectList().cache();
        live.subscribe();
        StepVerifier.create(elsewhere.watch("t").take(1))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);

        release();
        List<TraceUpdate> seen = live.block(PATIENCE);

        assertThat(seen).last().isInstanceOf(TraceUpdate.Ended.class);
        long end = seen.get(seen.size() - 1).position();
        assertThat(seen).extracting(TraceUpdate::position).isSorted().doesNotHaveDuplicates();
        assertThat(seen).filteredOn(TraceUpdate.Progress.class::isInstance).hasSize(STEPS);
        assertThat(elsewhere.watch("t").map(TraceUpdate::position).collectList().block(PATIENCE))
                .isEqualTo(seen.stream().map(TraceUpdate::position).toList());
        assertThat(elsewhere
                        .watch("t", end - 100)
                        .map(TraceUpdate::position)
                        .collectList()
                        .block(PATIENCE))
                .isEqualTo(LongStream.rangeClosed(end - 99, end).boxed().toList());
    }

    @Test
    void a_slow_watcher_keeps_nobody_waiting() {
        here.start(order, "t", "x").block(PATIENCE);
        release();
        StepVerifier.create(elsewhere.watch("t"), 1)
                .expectNextCount(1)
                .then(() -> assertThat(here.result(order, "t").block(PATIENCE)).isEqualTo(STEPS))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(update -> !(update instanceof TraceUpdate.Ended))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }
}
