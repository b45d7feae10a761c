package io.reactivestore.engine.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.EngineEvent;
import io.reactivestore.engine.WorkflowFailedException;
import io.reactivestore.error.ClaimLostException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Meters of an engine, from its {@linkplain DurableEngine#events events}: the engine waits for none of it, and what came too fast is
 * counted. Tags are names of workflows and of outcomes, never of traces or steps.
 *
 * <table>
 *   <caption>The meters</caption>
 *   <tr><th>name</th><th>tags</th><th>what</th></tr>
 *   <tr><td>{@code reactivestore.runs.started}</td><td>workflow</td><td>counter: a trace came into memory, to begin or to go on</td></tr>
 *   <tr><td>{@code reactivestore.runs}</td><td>workflow, outcome</td><td>timer: a trace ended; from its start, waits included</td></tr>
 *   <tr><td>{@code reactivestore.runs.left}</td><td>workflow, why</td>
 *       <td>counter: a trace left memory without an end: SUSPENDED, LOST to another engine, or STOPPED by trouble</td></tr>
 *   <tr><td>{@code reactivestore.steps}</td><td>workflow, outcome, replayed</td><td>counter: an attempt on record</td></tr>
 *   <tr><td>{@code reactivestore.traces.live}</td><td></td><td>gauge: traces in memory</td></tr>
 *   <tr><td>{@code reactivestore.recoveries}</td><td></td><td>counter: traces taken over from a silent engine</td></tr>
 *   <tr><td>{@code reactivestore.put.aside}</td><td></td><td>counter: traces recovered too often</td></tr>
 *   <tr><td>{@code reactivestore.trouble}</td><td></td><td>counter: failed work in the background</td></tr>
 *   <tr><td>{@code reactivestore.events.missed}</td><td></td><td>counter: events that the meters above lack</td></tr>
 * </table>
 *
 * <pre>{@code
 * new EngineMeters(engine).bindTo(registry);
 * }</pre>
 */
public final class EngineMeters implements MeterBinder {

    private static final String UNKNOWN = "unknown";

    private final DurableEngine engine;
    private final Tags tags;

    /**
     * The meters of an engine.
     *
     * @param engine the engine
     */
    public EngineMeters(DurableEngine engine) {
        this(engine, Tags.empty());
    }

    /**
     * The meters of an engine.
     *
     * @param engine the engine
     * @param tags what tells it from other engines of this registry
     */
    public EngineMeters(DurableEngine engine, Iterable<Tag> tags) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.tags = Tags.of(tags);
    }

    /** Counts from here on, until the engine is closed. To be called once for each registry. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("reactivestore.traces.live", engine, DurableEngine::liveTraces)
                .description("Traces in the memory of the engine")
                .tags(tags)
                .register(registry);
        // one edge of the engine: subscribes; the events never fail, and end with the engine
        engine.events().subscribe(new Meters(registry, tags)::count);
    }

    /** One meter for each combination of tags that is met. */
    private static final class Meters {

        private final MeterProvider<Counter> started;
        private final MeterProvider<Timer> ended;
        private final MeterProvider<Counter> left;
        private final MeterProvider<Counter> steps;
        private final Counter recoveries;
        private final Counter putAside;
        private final Counter trouble;
        private final Counter missed;

        Meters(MeterRegistry registry, Tags tags) {
            started = counter("runs.started", "Traces that came into memory", tags)
                    .withRegistry(registry);
            ended = Timer.builder("reactivestore.runs")
                    .description("Traces that ended, from their start on")
                    .tags(tags)
                    .withRegistry(registry);
            left = counter("runs.left", "Traces that left memory without an end", tags)
                    .withRegistry(registry);
            steps = counter("steps", "Attempts of steps on record", tags).withRegistry(registry);
            recoveries = counter("recoveries", "Traces taken over from a silent engine", tags)
                    .register(registry);
            putAside = counter("put.aside", "Traces recovered too often", tags).register(registry);
            trouble = counter("trouble", "Failed work in the background", tags).register(registry);
            missed = counter("events.missed", "Events that came too fast to be counted", tags)
                    .register(registry);
        }

        private static Counter.Builder counter(String name, String description, Tags tags) {
            return Counter.builder("reactivestore." + name)
                    .description(description)
                    .tags(tags);
        }

        void count(EngineEvent event) {
            if (event instanceof EngineEvent.StepRecorded step) {
                steps.withTags(
                                "workflow",
                                step.workflow(),
                                "outcome",
                                step.outcome().name(),
                                "replayed",
                                String.valueOf(step.replayed()))
                        .increment();
            } else if (event instanceof EngineEvent.RunStarted run) {
                started.withTags("workflow", run.workflow()).increment();
            } else if (event instanceof EngineEvent.RunCompleted run) {
                end(run.workflow(), "SUCCESS", run.took());
            } else if (event instanceof EngineEvent.RunFailed run) {
                failed(run);
            } else if (event instanceof EngineEvent.RunSuspended run) {
                leave(run.workflow(), "SUSPENDED");
            } else if (event instanceof EngineEvent.Recovered) {
                recoveries.increment();
            } else if (event instanceof EngineEvent.DeadLettered) {
                putAside.increment();
            } else if (event instanceof EngineEvent.Trouble) {
                trouble.increment();
            } else if (event instanceof EngineEvent.Missed gap) {
                missed.increment(gap.count());
            }
        }

        private void failed(EngineEvent.RunFailed run) {
            if (run.error() instanceof WorkflowFailedException end) {
                end(run.workflow(), end.state().name(), run.took());
            } else {
                leave(run.workflow(), run.error() instanceof ClaimLostException ? "LOST" : "STOPPED");
            }
        }

        private void end(@Nullable String workflow, String outcome, Duration took) {
            ended.withTags("workflow", named(workflow), "outcome", outcome).record(took);
        }

        private void leave(@Nullable String workflow, String why) {
            left.withTags("workflow", named(workflow), "why", why).increment();
        }

        private static String named(@Nullable String workflow) {
            return workflow == null ? UNKNOWN : workflow;
        }
    }
}
