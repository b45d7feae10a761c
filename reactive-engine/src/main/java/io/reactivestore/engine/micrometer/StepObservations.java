package io.reactivestore.engine.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.reactivestore.engine.StepAround;
import io.reactivestore.engine.StepContext;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * An observation {@code reactivestore.step} of each attempt of a step, so of what is done, not of what is replayed. It is a child of the
 * observation in the Reactor Context, if there is one: that of the caller who started the run; and it is in the Context of the function
 * of the step, so that what that calls, such as a {@code WebClient}, is a child of it.
 *
 * <p>Of low cardinality is the {@code workflow}; of high cardinality, and so no tag of a meter, are {@code trace}, {@code step} and
 * {@code attempt}. A run is not observed: it may take days, and go on in another process.
 *
 * <pre>{@code
 * EngineBuilder parts = DurableEngine.builder(store).around(new StepObservations(observations));
 * }</pre>
 */
public final class StepObservations implements StepAround {

    /** The name of the observations. */
    public static final String NAME = "reactivestore.step";

    /** Where Micrometer's own {@code ObservationThreadLocalAccessor} keeps the current one in a Reactor Context. */
    private static final String CURRENT = "micrometer.observation";

    private final ObservationRegistry registry;

    /**
     * Observations for a registry.
     *
     * @param registry where they are told
     */
    public StepObservations(ObservationRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    @Override
    public <T> Mono<T> around(String workflow, StepContext step, Mono<T> attempt) {
        return Mono.deferContextual(context -> {
            Observation observation = Observation.createNotStarted(NAME, registry)
                    .contextualName(workflow + " step")
                    .parentObservation(context.getOrDefault(CURRENT, null))
                    .lowCardinalityKeyValue("workflow", workflow)
                    .highCardinalityKeyValue("trace", step.traceId())
                    .highCardinalityKeyValue("step", step.key())
                    .highCardinalityKeyValue("attempt", String.valueOf(step.attempt()))
                    .start();
            return attempt.doOnError(observation::error)
                    .doFinally(signal -> stop(observation, signal))
                    .contextWrite(inner -> inner.put(CURRENT, observation));
        });
    }

    private static void stop(Observation observation, SignalType signal) {
        if (signal == SignalType.CANCEL) {
            observation.event(Observation.Event.of("cancelled"));
        }
        observation.stop();
    }
}
