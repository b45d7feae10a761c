package io.reactivestore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.CompletionState;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.error.StoreUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;

/** The process dies at its k-th store call, for every k; another process finishes the trace. */
class CrashAtEveryStoreCallTest {

    private static final String TRACE = "t";

    @TestFactory
    Stream<DynamicTest> a_sequence_survives() {
        return crashes(Workflows::sequence, "xabc");
    }

    @TestFactory
    Stream<DynamicTest> parallel_branches_survive() {
        return crashes(Workflows::parallel, "xalxar");
    }

    @TestFactory
    Stream<DynamicTest> a_loop_of_repeated_names_survives() {
        return crashes(Workflows::loop, "x1,x2,x3,x4");
    }

    @TestFactory
    Stream<DynamicTest> a_wait_survives() {
        return crashes(Workflows::waiting, "xa:yes:b");
    }

    private static Stream<DynamicTest> crashes(
            Function<SideEffects, Workflow<String, String>> workflows, String result) {
        SharedBackend uncrashed = new SharedBackend();
        DyingStore counting = DyingStore.never(uncrashed.newProcess());
        SideEffects calm = new SideEffects();
        assertThat(outcome(calm, run(counting, uncrashed, workflows.apply(calm))))
                .isCompletedWithValue(result);
        return IntStream.rangeClosed(1, counting.calls())
                .boxed()
                .flatMap(k -> Stream.of(DyingStore.Moment.values())
                        .map(moment -> DynamicTest.dynamicTest(
                                moment + " call " + k, () -> crash(workflows, result, k, moment))));
    }

    private static void crash(
            Function<SideEffects, Workflow<String, String>> workflows, String result, int k, DyingStore.Moment moment) {
        SharedBackend backend = new SharedBackend();
        SideEffects world = new SideEffects();
        Workflow<String, String> workflow = workflows.apply(world);
        assertThat(outcome(world, run(new DyingStore(backend.newProcess(), k, moment), backend, workflow)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(StoreUnavailableException.class);
        Map<String, Integer> before = world.all();
        Set<String> recorded = recorded(backend);

        assertThat(outcome(world, run(backend.newProcess(), backend, workflow))).isCompletedWithValue(result);

        world.all()
                .forEach((effect, times) -> assertThat(times)
                        .as("%s, recorded before the crash: %s", effect, recorded)
                        .isEqualTo(before.getOrDefault(effect, 0) + (recorded.contains(effect) ? 0 : 1)));
        PersistedTrace trace = backend.trace(TRACE);
        assertThat(trace.completion()).isNotNull();
        assertThat(trace.completion().state()).isEqualTo(CompletionState.SUCCESS);
    }

    private static CompletableFuture<String> outcome(SideEffects world, Mono<String> run) {
        CompletableFuture<String> outcome = run.toFuture();
        world.passTime();
        return outcome;
    }

    /** Whoever decides does so as soon as the trace is there, and clicks twice. */
    private static Mono<String> run(PersistenceStore store, SharedBackend backend, Workflow<String, String> workflow) {
        DurableEngine engine = DurableEngine.builder(store)
                .listener(event -> {
                    if (event instanceof EngineEvent.RunStarted
                            && workflow.name().equals("waiting")) {
                        backend.newProcess()
                                .saveIntervention(TRACE, Workflows.supply("decision", "yes"))
                                .subscribe();
                    }
                })
                .build();
        return engine.run(workflow, TRACE, "x");
    }

    private static Set<String> recorded(SharedBackend backend) {
        return backend.newProcess().load(TRACE).blockOptional().stream()
                .flatMap(trace -> trace.envelopes().stream())
                .map(PersistenceEnvelope::nodeId)
                .collect(Collectors.toSet());
    }
}
