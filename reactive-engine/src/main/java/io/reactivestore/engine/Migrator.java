package io.reactivestore.engine;

import io.reactivestore.PersistedTrace;
import io.reactivestore.TraceHead;
import io.reactivestore.error.TraceNotFoundException;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes traces that were started with other code traces that today's code can run. */
final class Migrator {

    private final EngineConfig config;
    private final WorkflowRegistry workflows;

    Migrator(EngineConfig config, WorkflowRegistry workflows) {
        this.config = config;
        this.workflows = workflows;
    }

    /**
     * Tells whether this engine can run a trace, or make it one that it can. Reads it only if its head says too little.
     *
     * @return a Mono that emits the answer
     */
    Mono<Boolean> canTake(TraceHead head) {
        Workflow<?, ?> workflow = workflows.taking(head);
        if (workflow == null) {
            return Mono.just(false);
        }
        CodeChanges changes = workflow.traits().changes();
        boolean mustLook = changes.policy() == ChangePolicy.MIGRATE || changes.policy() == ChangePolicy.REFUSE;
        if (!mustLook) {
            return Mono.just(true);
        }
        return config.traces()
                .load(head.traceId())
                .flatMap(trace -> readable(trace, workflow))
                .doOnNext(trace -> MigrationPlanner.plan(workflow, trace, config.codec()))
                .hasElement()
                .onErrorResume(EngineException.class, refusal -> {
                    config.tell(new EngineEvent.NotTaken(head.traceId(), refusal));
                    return Mono.just(false);
                });
    }

    /** Tells what would become of a trace; empty if it runs as it is. */
    Mono<MigrationPlan> dryRun(String traceId) {
        return Mono.defer(() -> config.traces().load(traceId))
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)))
                .flatMap(trace -> readable(trace, workflows.require(trace.head())))
                .flatMap(trace -> Mono.justOrEmpty(
                        MigrationPlanner.plan(workflows.require(trace.head()), trace, config.codec())));
    }

    /**
     * Makes an opening of a trace that this engine holds, by migrating it if need be.
     *
     * @return a Mono that emits it, or signals {@link io.reactivestore.error.PositionConflictException} if the trace has moved on:
     *     read it again
     */
    Mono<Opening> ready(PersistedTrace trace, Workflow<?, ?> workflow) {
        return readable(trace, workflow).flatMap(readable -> readyToRun(readable, workflow));
    }

    /** What a migration changes it must be able to read. */
    Mono<PersistedTrace> readable(PersistedTrace trace, Workflow<?, ?> workflow) {
        return workflow.traits().changes().policy() == ChangePolicy.MIGRATE
                        && !MigrationPlanner.isAsRecorded(workflow, trace)
                ? config.payloads().whole(trace)
                : Mono.just(trace);
    }

    private Mono<Opening> readyToRun(PersistedTrace trace, Workflow<?, ?> workflow) {
        return Mono.defer(() -> {
            Optional<MigrationPlan> plan = MigrationPlanner.plan(workflow, trace, config.codec());
            if (plan.isPresent()) {
                return migrate(plan.get(), workflow);
            }
            Opening opening = Opening.of(workflow, trace, false);
            tellOfShape(opening);
            return Mono.just(opening);
        });
    }

    private void tellOfShape(Opening opening) {
        String recorded = opening.meta().structure();
        String current = opening.workflow().traits().structure();
        if (config.isListenedTo() && !Objects.equals(recorded, current)) {
            String traceId = opening.trace().head().traceId();
            config.tell(new EngineEvent.StructureChanged(traceId, recorded, current));
        }
    }

    /** Decisions first: if that is all that comes to pass, the next try finds them, and they were about nodes nobody has. */
    private Mono<Opening> migrate(MigrationPlan plan, Workflow<?, ?> workflow) {
        String traceId = plan.traceId();
        if (!plan.decisions().isEmpty()) {
            return Flux.fromIterable(plan.decisions())
                    .concatMap(decision -> config.traces().saveIntervention(traceId, decision))
                    .then(Mono.defer(() -> config.traces().load(traceId)))
                    .flatMap(trace -> ready(trace, workflow));
        }
        return config.journal()
                .replace(traceId, plan.position(), plan.events(config.now()))
                .doOnNext(position -> config.tell(new EngineEvent.Migrated(traceId, plan.from(), plan.to())))
                .then(Mono.defer(() -> config.traces().load(traceId)))
                .map(trace -> Opening.of(workflow, trace, false));
    }
}
