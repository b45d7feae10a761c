package io.reactivestore.engine.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.reactivestore.ReactiveStore;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.RetryPolicy;
import io.reactivestore.engine.StepOptions;
import io.reactivestore.engine.Workflow;
import io.reactivestore.memory.InMemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Each attempt of a step is observed, as a child of who asked for it and as the parent of what it calls. */
class StepObservationsTest {

    private static final Duration HANG = Duration.ofSeconds(60);
    private static final String CURRENT = "micrometer.observation";

    private final ReactiveStore store = InMemoryStore.create();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();
    private final List<Observation> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    StepObservationsTest() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }

            @Override
            public void onStop(Observation.Context context) {
                stopped.add(context);
            }
        });
    }

    private final Workflow<String, String> flaky = Workflow.named("flaky")
            .input(String.class)
            .output(String.class)
            .body((ctx, input) -> ctx.step(
                            StepOptions.of("a", String.class).retry(RetryPolicy.fixed(2, Duration.ZERO)),
                            step -> Mono.deferContextual(context -> {
                                seen.add(context.get(CURRENT));
                                return calls.incrementAndGet() == 1
                                        ? Mono.error(new IllegalStateException("try again"))
                                        : Mono.just(input);
                            }))
                    .flatMap(a -> ctx.now().thenReturn(a)));

    @Test
    void each_attempt_is_one_with_its_error() {
        DurableEngine engine = DurableEngine.builder(store)
                .register(flaky)
                .around(new StepObservations(registry))
                .build();
        Observation request = Observation.start("request", registry);
        engine.run(flaky, "t", "x")
                .contextWrite(context -> context.put(CURRENT, request))
                .block(HANG);
        engine.close().block(HANG);

        assertThat(stopped).hasSize(2).allSatisfy(context -> {
            assertThat(context.getName()).isEqualTo(StepObservations.NAME);
            assertThat(context.getLowCardinalityKeyValues()).containsExactly(KeyValue.of("workflow", "flaky"));
            assertThat(context.getHighCardinalityKeyValue("step").getValue()).isEqualTo("a");
            assertThat(context.getHighCardinalityKeyValue("trace").getValue()).isEqualTo("t");
            assertThat(context.getParentObservation()).isEqualTo(request);
        });
        assertThat(stopped.get(0).getError()).hasMessage("try again");
        assertThat(stopped.get(1).getError()).isNull();
        assertThat(seen)
                .extracting(Observation::getContext)
                .map(Observation.Context.class::cast)
                .isEqualTo(stopped);
    }

    @Test
    void what_is_replayed_is_not_observed() {
        DurableEngine engine = DurableEngine.builder(store)
                .register(flaky)
                .around(new StepObservations(registry))
                .build();
        engine.run(flaky, "t", "x").block(HANG);
        stopped.clear();
        engine.run(flaky, "t", "x").block(HANG);
        engine.fork("t", 2, "copy").then(engine.result(flaky, "copy")).block(HANG);
        assertThat(stopped).isEmpty();
        engine.close().block(HANG);
    }
}
