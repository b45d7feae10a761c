package io.reactivestore.engine;

import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Runs recorded journals against today's code, without side effects: no function of a step is called, nothing is written, nothing
 * is waited for. Steps emit what is on record, in the order in which it was recorded; one that is not on record ends the replay
 * there. Of a workflow that migrates, the trace is migrated first, in memory. For tests in whatever framework: keep the journals of
 * a few traces, and see before a deployment that those in flight go on as they should.
 *
 * <p>Code between steps that takes time of its own, such as {@code delayElement}, takes it here as well; a replay that has come
 * to nothing else to do waits for it. Immutable: each call gives a new object.
 *
 * <pre>{@code
 * Mono<ReplayReport> report = RecordedJournal.of(store.require(Capability.JOURNAL), "employee-7")
 *         .flatMap(recorded -> Replay.of(onboarding).run(recorded));
 * }</pre>
 */
public final class Replay {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Workflow<?, ?> workflow;
    private final PayloadCodec codec;
    private final Duration patience;

    private Replay(Workflow<?, ?> workflow, PayloadCodec codec, Duration patience) {
        this.workflow = workflow;
        this.codec = codec;
        this.patience = patience;
    }

    /**
     * A replay against a workflow, with the codec an engine has by default.
     *
     * @param workflow today's code
     * @return the replay
     */
    public static Replay of(Workflow<?, ?> workflow) {
        return new Replay(Objects.requireNonNull(workflow, "workflow"), PayloadCodec.json(), PATIENCE);
    }

    /**
     * Sets the codec of the engine.
     *
     * @param codec the codec the payloads were written with
     * @return the replay with it
     */
    public Replay codec(PayloadCodec codec) {
        return new Replay(workflow, Objects.requireNonNull(codec, "codec"), patience);
    }

    /**
     * Sets how long code between steps may take without asking for a step. Default 10 s.
     *
     * @param patience more than zero
     * @return the replay with it
     * @throws IllegalArgumentException if it is not
     */
    public Replay patience(Duration patience) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience must be more than zero, found " + patience);
        }
        return new Replay(workflow, codec, patience);
    }

    /**
     * Runs a journal. On subscription: the code is subscribed to, once. Cancel cancels it.
     *
     * @param journal the journal
     * @return a Mono that emits what differs, or signals {@link WorkflowConflictException} if the journal is of a workflow of
     *     another name, {@link MigrationFailedException} or {@link ForeignTraceException}
     */
    public Mono<ReplayReport> run(RecordedJournal journal) {
        Objects.requireNonNull(journal, "journal");
        return journal.fold().flatMap(this::run);
    }

    private Mono<ReplayReport> run(PersistedTrace trace) {
        String recorded = trace.head().workflow();
        if (!recorded.equals(workflow.name())) {
            return Mono.error(new WorkflowConflictException(
                    trace.head().traceId(), recorded + ":" + trace.head().version(), workflow.toString()));
        }
        if (!workflow.takes(trace.head())) {
            return replay(trace);
        }
        try {
            return MigrationPlanner.plan(workflow, trace, codec)
                    .map(plan -> replay(migrated(trace, plan.story())))
                    .orElseGet(() -> replay(trace));
        } catch (WorkflowChangedException refusal) {
            return Mono.just(new ReplayReport(
                    trace.head().traceId(),
                    workflow.toString(),
                    List.of(),
                    List.of(new ReplayReport.Difference(
                            ReplayReport.Kind.STOPPED, "", String.valueOf(refusal.getMessage())))));
        }
    }

    private static PersistedTrace migrated(PersistedTrace trace, List<PersistenceEnvelope> story) {
        return new PersistedTrace(
                trace.head(),
                story,
                trace.interventions(),
                trace.resumedFromStep(),
                trace.resumptionCount(),
                trace.lastResumedAt(),
                trace.completion(),
                trace.position(),
                trace.claimsSinceProgress());
    }

    private Mono<ReplayReport> replay(PersistedTrace trace) {
        return ReplayRun.of(workflow, trace, codec, patience);
    }
}
