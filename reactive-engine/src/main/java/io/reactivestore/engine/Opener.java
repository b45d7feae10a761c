package io.reactivestore.engine;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.error.WorkflowMismatchException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Creates traces and takes them up. Creation is an append at the first position: of several who try, one succeeds. */
final class Opener {

    private final EngineConfig config;
    private final WorkflowRegistry workflows;
    private final Migrator migrator;

    Opener(EngineConfig config, WorkflowRegistry workflows, Migrator migrator) {
        this.config = config;
        this.workflows = workflows;
        this.migrator = migrator;
    }

    /** Creates a trace; signals {@link PositionConflictException} or the like if it is there. No read. */
    Mono<Opening> create(Workflow<?, ?> workflow, String traceId, Payload input, TraceMeta meta, TraceTags tags) {
        return Mono.defer(() -> {
            Instant now = config.now();
            List<PersistenceEnvelope> start = start(workflow, traceId, input, meta, now);
            List<JournalEvent> events = new ArrayList<>(start.size());
            start.forEach(envelope -> events.add(new JournalEvent.StepRecorded(envelope)));
            List<Outgoing> outgoing =
                    tags.values().isEmpty() ? List.of() : List.of(new Outgoing.ToCatalog(traceId, tags));
            return config.journal().append(traceId, 0, events, outgoing).map(position -> {
                TraceHead head =
                        new TraceHead(traceId, workflow.name(), workflow.version(), TraceStatus.RUNNING, now, now);
                PersistedTrace trace = new PersistedTrace(head, start, List.of(), null, 0, null, null, position, 0);
                return new Opening(workflow, input, start.get(0).at(), meta, trace, true);
            });
        });
    }

    private static List<PersistenceEnvelope> start(
            Workflow<?, ?> workflow, String traceId, Payload input, TraceMeta meta, Instant now) {
        PersistenceEnvelope start = PersistenceEnvelope.of(
                        traceId, workflow.name(), 0, History.START, Outcome.SUCCESS, now)
                .withVersion(workflow.version())
                .withPayload(input);
        List<PersistenceEnvelope> all = new ArrayList<>(3);
        all.add(start);
        if (!meta.isEmpty()) {
            all.add(beside(start, TraceMeta.NODE, meta.toPayload()));
        }
        Shape shape = workflow.traits().changes().shape();
        if (shape != null) {
            all.add(beside(start, Shape.NODE, shape.graph()));
        }
        return List.copyOf(all);
    }

    private static PersistenceEnvelope beside(PersistenceEnvelope start, String node, Payload payload) {
        return PersistenceEnvelope.of(start.traceId(), start.workflow(), 0, node, Outcome.SUCCESS, start.at())
                .withVersion(start.version())
                .withPayload(payload);
    }

    static boolean saysItIsThere(Throwable error) {
        return error instanceof PositionConflictException
                || error instanceof StepConflictException
                || error instanceof WorkflowMismatchException
                || error instanceof TraceCompletedException
                || error instanceof ClaimLostException;
    }

    /** Reads a trace as it stands. */
    Mono<Opening> find(String traceId, Function<PersistedTrace, Workflow<?, ?>> given) {
        return load(traceId).map(trace -> found(trace, given));
    }

    /** Takes a trace over, from whoever has it, behind a step; what lies beyond is void. */
    Mono<Opening> takeOver(String traceId, long fromStep, Function<PersistedTrace, Workflow<?, ?>> given) {
        return find(traceId, given).flatMap(found -> {
            PersistedTrace trace = found.trace();
            if (trace.completion() != null) {
                return Mono.error(
                        new TraceCompletedException(traceId, trace.completion().state()));
            }
            return migrator.readable(trace, found.workflow()).flatMap(readable -> {
                // to be refused before anything is written
                MigrationPlanner.plan(found.workflow(), readable, config.codec());
                // -1 would void the start as well, and with it the input
                return rewind(found, Math.max(0, fromStep));
            });
        });
    }

    /** Records that the trace goes on behind a step, which fences off whoever held it. */
    Mono<Opening> rewind(Opening found, long fromStep) {
        String traceId = found.trace().head().traceId();
        return config.traces()
                .resume(traceId, fromStep)
                .flatMap(cursor -> load(traceId)
                        .flatMap(trace -> isHeldHere(trace.head())
                                ? ready(trace, known -> found.workflow())
                                : Mono.error(new ClaimLostException(traceId, cursor.position()))));
    }

    /** Takes up a trace that this engine holds; empty if it does not any more. */
    Mono<Opening> held(String traceId) {
        return held(traceId, this::registered);
    }

    Mono<Opening> held(String traceId, Function<PersistedTrace, Workflow<?, ?>> given) {
        return load(traceId)
                .filter(trace -> trace.completion() == null && isHeldHere(trace.head()))
                .flatMap(trace -> ready(trace, given));
    }

    /** Makes an opening of a trace that this engine holds; empty if it does not any more. */
    Mono<Opening> ready(PersistedTrace trace, Function<PersistedTrace, Workflow<?, ?>> given) {
        return Mono.defer(() -> migrator.ready(trace, given.apply(trace)))
                .onErrorResume(
                        PositionConflictException.class,
                        movedOn -> held(trace.head().traceId(), given));
    }

    /** Leaves a trace that this engine holds to whichever engine is free. */
    Mono<Void> putOff(String traceId) {
        Instant now = config.now();
        return config.journal()
                .append(traceId, List.of(new JournalEvent.Suspended(now, now)))
                .then();
    }

    boolean isHeldHere(TraceHead head) {
        return head.holder() != null && head.holder() == config.claims().writer();
    }

    Workflow<?, ?> registered(PersistedTrace trace) {
        return workflows.require(trace.head());
    }

    private Opening found(PersistedTrace trace, Function<PersistedTrace, Workflow<?, ?>> given) {
        Opening found = Opening.of(given.apply(trace), trace, false);
        TraceHead head = trace.head();
        Workflow<?, ?> workflow = found.workflow();
        if (!workflow.takes(head)) {
            throw new WorkflowConflictException(
                    head.traceId(), head.workflow() + ":" + head.version(), workflow.toString());
        }
        Payload input = MigrationPlanner.input(workflow, trace, config.codec(), found.input());
        return new Opening(workflow, input, found.startedAt(), found.meta(), trace, false);
    }

    private Mono<PersistedTrace> load(String traceId) {
        return Mono.defer(() -> config.traces().load(traceId))
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)));
    }
}
