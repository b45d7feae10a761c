package io.reactivestore.engine;

import io.reactivestore.Outcome;

/**
 * What an engine does, for those who watch. Told on the thread where it happens; see {@link EngineBuilder#listener}.
 *
 * <pre>{@code
 * LongAdder replayed = new LongAdder();
 * Consumer<EngineEvent> count = event -> {
 *     if (event instanceof EngineEvent.StepRecorded step && step.replayed()) {
 *         replayed.increment();
 *     }
 * };
 * DurableEngine engine = DurableEngine.builder(store.traces()).listener(count).build();
 * }</pre>
 */
public sealed interface EngineEvent {

    /**
     * Gives the trace.
     *
     * @return the id of the trace it happened to
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
     * @param step the number of the step
     * @param nodeId the key of the step
     * @param attempt which try it was
     * @param outcome how it ended
     * @param replayed whether it was found on record and nothing was done
     */
    record StepRecorded(String traceId, long step, String nodeId, int attempt, Outcome outcome, boolean replayed)
            implements EngineEvent {}

    /**
     * A node waits for a decision and none is there yet.
     *
     * @param traceId the trace
     * @param nodeId the node
     */
    record Waiting(String traceId, String nodeId) implements EngineEvent {}

    /**
     * The workflow came to its end, which is durable.
     *
     * @param traceId the trace
     */
    record RunCompleted(String traceId) implements EngineEvent {}

    /**
     * The run ended with an error: {@link WorkflowFailedException} if the trace has ended, any other if it can be resumed.
     *
     * @param traceId the trace
     * @param error what the subscribers get
     */
    record RunFailed(String traceId, Throwable error) implements EngineEvent {}
}
