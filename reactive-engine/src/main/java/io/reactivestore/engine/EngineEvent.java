package io.reactivestore.engine;

import io.reactivestore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an engine does, for metrics and logs: told on the thread where it happens to an {@link EngineBuilder#listener}, and to any
 * number of subscribers of {@link DurableEngine#events}.
 *
 * <pre>{@code
 * LongAdder replayed = new LongAdder();
 * Consumer<EngineEvent> count = event -> {
 *     if (event instanceof EngineEvent.StepRecorded step && step.replayed()) {
 *         replayed.increment();
 *     }
 * };
 * DurableEngine engine = DurableEngine.builder(store).listener(count).build();
 * }</pre>
 */
public sealed interface EngineEvent {

    /**
     * Gives the trace.
     *
     * @return the id of the trace it happened to; empty if it concerns none
     */
    String traceId();

    /**
     * A run of a trace begins in this engine.
     *
     * @param traceId the trace
     * @param workflow the workflow it runs
     * @param version the version of the workflow
     * @param resumptions how often the trace was resumed, 0 for a new one
     */
    record RunStarted(String traceId, String workflow, String version, int resumptions) implements EngineEvent {}

    /**
     * An attempt of a step is durable, or was found on record.
     *
     * @param traceId the trace
     * @param workflow the workflow it runs
     * @param step the number of the step
     * @param nodeId the key of the step
     * @param attempt which try it was
     * @param outcome how it ended
     * @param replayed whether it was found on record and nothing was done
     */
    record StepRecorded(
            String traceId, String workflow, long step, String nodeId, int attempt, Outcome outcome, boolean replayed)
            implements EngineEvent {}

    /**
     * A step waits: for a decision, a time, another trace, or its next attempt.
     *
     * @param traceId the trace
     * @param nodeId the key of the step
     */
    record Waiting(String traceId, String nodeId) implements EngineEvent {}

    /**
     * The trace left this engine's memory and waits in the store.
     *
     * @param traceId the trace
     * @param workflow the workflow it runs
     * @param dueAt when it goes on by itself, or null if it waits for a decision
     */
    record RunSuspended(
            String traceId, String workflow, @Nullable Instant dueAt) implements EngineEvent {}

    /**
     * The trace was taken over from an engine that was silent.
     *
     * @param traceId the trace
     * @param recoveries how often in a row that happened without any progress
     */
    record Recovered(String traceId, int recoveries) implements EngineEvent {}

    /**
     * The trace was recovered too often without any progress. It waits for a person: resume it once it is mended.
     *
     * @param traceId the trace
     * @param recoveries how often it was taken over in a row
     */
    record DeadLettered(String traceId, int recoveries) implements EngineEvent {

        /** The type of the custom entry that records it. */
        static final String RECORD = "reactivestore:dead-letter";
    }

    /**
     * Steps are on record that the code, now at its end, never asked for: it has changed.
     *
     * @param traceId the trace
     * @param nodeIds the keys of the steps
     */
    record StepsNotAskedFor(String traceId, Set<String> nodeIds) implements EngineEvent {}

    /**
     * A trace that is due is left to other engines: with the code of this one it cannot go on.
     *
     * @param traceId the trace
     * @param why {@link WorkflowChangedException} or {@link MigrationFailedException}
     */
    record NotTaken(String traceId, EngineException why) implements EngineEvent {}

    /**
     * A trace goes on with a workflow that has another shape than it was started with.
     *
     * @param traceId the trace
     * @param recorded the structural hash on record, or null if there is none
     * @param current that of the code, or null if it has none
     */
    record StructureChanged(
            String traceId,
            @Nullable String recorded,
            @Nullable String current) implements EngineEvent {}

    /**
     * A trace that was started with other code was told anew, by the migrations of its workflow, and goes on.
     *
     * @param traceId the trace
     * @param from the version it was of
     * @param to the version it is of
     */
    record Migrated(String traceId, String from, String to) implements EngineEvent {}

    /**
     * The workflow came to its end, which is durable.
     *
     * @param traceId the trace
     * @param workflow the workflow it ran
     * @param took how long after its start, waits included
     */
    record RunCompleted(String traceId, String workflow, Duration took) implements EngineEvent {}

    /**
     * The run ended with an error: {@link WorkflowFailedException} if the trace has ended,
     * {@link io.reactivestore.error.ClaimLostException} if another engine has it, any other if it can be resumed.
     *
     * @param traceId the trace
     * @param workflow the workflow it runs, or null if that was not known yet
     * @param took how long after its start, waits included; zero if that was not known yet
     * @param error what the subscribers get
     */
    record RunFailed(String traceId, @Nullable String workflow, Duration took, Throwable error)
            implements EngineEvent {}

    /**
     * Work in the background failed and is tried again: a heartbeat, or the look for what is due.
     *
     * @param traceId empty
     * @param error what happened
     */
    record Trouble(String traceId, Throwable error) implements EngineEvent {}

    /**
     * A subscriber of {@link DurableEngine#events} was too slow: so many events that would stand here were not kept for it.
     *
     * @param traceId empty
     * @param count how many
     */
    record Missed(String traceId, long count) implements EngineEvent {}
}
