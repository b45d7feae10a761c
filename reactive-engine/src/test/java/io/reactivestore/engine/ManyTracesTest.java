package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.JournalBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Runs on many threads do not disturb each other, and a long one does not grow the stack. */
class ManyTracesTest {

    private static final int TRACES = 200;

    private final InMemoryBackend backend = new InMemoryBackend();
    private final Map<String, Integer> done = new ConcurrentHashMap<>();
    private final List<DurableEngine> engines = new ArrayList<>();

    private final Workflow<Integer, Integer> threaded = Workflow.named("threaded")
            .input(Integer.class)
            .output(Integer.class)
            .body((ctx, input) -> Flux.range(0, 4)
                    .flatMap(branch -> Flux.range(0, 3)
                            .concatMap(round -> ctx.step("branch" + branch, Integer.class, step -> effect(step, input)))
                            .reduce(0, Integer::sum))
                    .reduce(0, Integer::sum));

    private DurableEngine engine(JournalBackend database) {
        DurableEngine engine = DurableEngine.builder(JournaledStore.over(database, StoreConfig.defaults()))
                .pollInterval(Duration.ofMillis(50))
                .heartbeat(Duration.ofMillis(300))
                .register(threaded)
                .build();
        engines.add(engine);
        return engine;
    }

    @AfterEach
    void closeWhatLives() {
        engines.get(engines.size() - 1).close().block();
    }

    @Test
    void each_step_of_each_trace_is_done_once() {
        StepVerifier.create(runAll(engine(backend))).expectNext(12 * sum()).verifyComplete();
        assertThat(done)
                .hasSize(TRACES * 12)
                .allSatisfy((step, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void a_process_that_dies_in_the_middle_of_all_of_them_loses_none() {
        int calls = 150 + new Random(7).nextInt(300);
        DyingBackend dying = new DyingBackend(backend, calls, DyingBackend.Moment.AFTER);
        runAll(engine(dying)).subscribe();
        StepVerifier.create(Flux.interval(Duration.ofMillis(5))
                        .takeUntil(tick -> dying.isDead() && dying.isIdle())
                        .then())
                .verifyComplete();
        Map<String, Integer> recorded = recorded();

        StepVerifier.create(runAll(engine(backend))).expectNext(12 * sum()).verifyComplete();

        recorded.keySet().forEach(step -> assertThat(done).as(step).containsEntry(step, 1));
        assertThat(done)
                .hasSize(TRACES * 12)
                .allSatisfy((step, times) -> assertThat(times).isLessThanOrEqualTo(2));
    }

    @Test
    void ten_thousand_steps_one_after_another_and_again_from_the_record() {
        Workflow<Integer, Long> counting = Workflow.named("counting")
                .autoComplete(false)
                .input(Integer.class)
                .output(Long.class)
                .body((ctx, input) -> Flux.range(0, input)
                        .concatMap(i -> ctx.step("i", Integer.class, () -> Mono.just(i)))
                        .count());
        StepVerifier.create(engine(backend).run(counting, "t", 10_000))
                .expectNext(10_000L)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
        StepVerifier.create(engine(backend).resume(counting, "t"))
                .expectNext(10_000L)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    private Mono<Integer> effect(StepContext step, int input) {
        return Mono.fromCallable(() -> {
                    done.merge(step.traceId() + " " + step.key(), 1, Integer::sum);
                    return input;
                })
                .subscribeOn(Schedulers.parallel());
    }

    private Mono<Integer> runAll(DurableEngine engine) {
        return Flux.range(0, TRACES)
                .flatMap(i -> engine.run(threaded, "t" + i, i), TRACES)
                .reduce(0, Integer::sum);
    }

    private Map<String, Integer> recorded() {
        ReactiveStore store = JournaledStore.over(backend, StoreConfig.defaults());
        return IntStream.range(0, TRACES)
                .boxed()
                .flatMap(i -> store.traces().load("t" + i).blockOptional().stream())
                .flatMap(trace -> trace.envelopes().stream())
                .filter(envelope -> envelope.step() > 0)
                .collect(Collectors.toMap(
                        (PersistenceEnvelope envelope) -> envelope.traceId() + " " + envelope.nodeId(), envelope -> 1));
    }

    private static int sum() {
        return TRACES * (TRACES - 1) / 2;
    }
}
