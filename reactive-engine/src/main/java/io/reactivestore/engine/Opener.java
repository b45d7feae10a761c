package io.reactivestore.engine;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.PersistenceStore;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.error.WorkflowMismatchException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Creates a trace or takes one up. A start is recorded first and read back then: whoever's mark stands on record created the
 * trace, and everybody else found it there, also when two start one id at once.
 */
final class Opener {

    private final EngineConfig config;
    private final PersistenceStore store;
    private final String engine = UUID.randomUUID().toString();
    private final AtomicLong starts = new AtomicLong();

    Opener(EngineConfig config) {
        this.config = config;
        this.store = config.store();
    }

    /** Opens a trace for an input: creates it, or takes up the one that is there if it is the same run. */
    Mono<Opening> open(Workflow<?, ?> workflow, String traceId, Payload input) {
        String mark = engine + ":" + starts.incrementAndGet();
        PersistenceEnvelope start = PersistenceEnvelope.of(
                        traceId,
                        workflow.name(),
                        0,
                        History.START,
                        Outcome.SUCCESS,
                        config.clock().instant())
                .withVersion(workflow.version())
                .withPayload(input)
                .withIdempotencyKey(mark);
        return store.append(start)
                .then()
                .onErrorResume(Opener::saysItIsThere, error -> Mono.empty())
                .then(load(traceId))
                .flatMap(trace -> {
                    if (mark.equals(start(trace).idempotencyKey()) && trace.resumptionCount() == 0) {
                        return Mono.just(new Opening(workflow, input, trace, 0));
                    }
                    Opening found = found(trace, recorded -> workflow);
                    return takeUp(found.checkWorkflow(workflow).checkInput(input));
                });
    }

    /** Takes up a trace that is there, behind a step. */
    Mono<Opening> resume(String traceId, long fromStep, Function<PersistedTrace, Workflow<?, ?>> workflows) {
        return load(traceId).flatMap(trace -> {
            if (trace.completion() != null) {
                return Mono.error(
                        new TraceCompletedException(traceId, trace.completion().state()));
            }
            Opening found = found(trace, workflows);
            // -1 would void the start as well, and with it the input
            return resume(found, fromStep == DurableEngine.NEWEST ? trace.lastStep() : Math.max(0, fromStep));
        });
    }

    private Mono<Opening> takeUp(Opening found) {
        return found.trace().completion() != null
                ? Mono.just(found)
                : resume(found, found.trace().lastStep());
    }

    /** Records the resume, which fences off whoever held the trace. */
    private Mono<Opening> resume(Opening found, long fromStep) {
        PersistedTrace trace = found.trace();
        String traceId = trace.head().traceId();
        return store.resume(traceId, fromStep).flatMap(cursor -> {
            boolean isSame = cursor.position() == trace.position() + 1 && fromStep >= trace.lastStep();
            return (isSame ? Mono.just(trace) : load(traceId))
                    .map(now -> new Opening(found.workflow(), found.input(), now, cursor.resumptionCount()));
        });
    }

    private Mono<PersistedTrace> load(String traceId) {
        return Mono.defer(() -> store.load(traceId))
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)));
    }

    private static Opening found(PersistedTrace trace, Function<PersistedTrace, Workflow<?, ?>> workflows) {
        Payload input = start(trace).payload();
        if (input == null) {
            throw new ForeignTraceException(trace.head().traceId());
        }
        Workflow<?, ?> given = workflows.apply(trace);
        if (!given.name().equals(trace.head().workflow())
                || !given.version().equals(trace.head().version())) {
            throw new WorkflowConflictException(
                    trace.head().traceId(),
                    trace.head().workflow() + ":" + trace.head().version(),
                    given.toString());
        }
        return new Opening(given, input, trace, trace.resumptionCount());
    }

    private static PersistenceEnvelope start(PersistedTrace trace) {
        return trace.envelopes().stream()
                .filter(History::isStart)
                .findFirst()
                .orElseThrow(() -> new ForeignTraceException(trace.head().traceId()));
    }

    private static boolean saysItIsThere(Throwable error) {
        return error instanceof StepConflictException
                || error instanceof WorkflowMismatchException
                || error instanceof TraceCompletedException
                || error instanceof ClaimLostException;
    }
}
