package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.error.TraceNotFoundException;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What people can decide: the waits of a trace, and whether a decision makes sense. */
final class Decisions {

    private static final String CANCEL = "cancel";

    private final EngineConfig config;
    private final WorkflowRegistry workflows;
    private final Runs runs;

    Decisions(EngineConfig config, WorkflowRegistry workflows, Runs runs) {
        this.config = config;
        this.workflows = workflows;
        this.runs = runs;
    }

    /** The wish that a trace ends; the second one of a trace is the first one said again. */
    static Intervention cancel(Instant at, @Nullable String reason) {
        return Intervention.of(CANCEL, Intervention.TRACE, InterventionAction.CANCEL, at)
                .withReason(reason);
    }

    /** Completes, or signals {@link InterventionRefusedException} or {@link TraceNotFoundException}. */
    Mono<Void> check(String traceId, Intervention decision) {
        if (decision.action() == InterventionAction.CANCEL) {
            return Mono.empty();
        }
        Run run = runs.find(traceId);
        LiveStep<?> live = run == null ? null : run.steps().find(decision.targetNode());
        if (live != null) {
            return Mono.fromRunnable(() -> checkType(traceId, decision, live.type(), live.isPureWait()));
        }
        if (run != null && run.wasOpened()) {
            return Mono.fromRunnable(() -> check(traceId, decision, run.history(), run.workflow()));
        }
        return trace(traceId).doOnNext(trace -> check(trace, decision)).then();
    }

    private void check(PersistedTrace trace, Intervention decision) {
        if (trace.completion() == null) {
            TraceHead head = trace.head();
            History history = new History();
            history.addAll(trace.envelopes());
            check(head.traceId(), decision, history, workflows.taking(head));
        }
    }

    private void check(String traceId, Intervention decision, History history, @Nullable Workflow<?, ?> workflow) {
        String node = decision.targetNode();
        History.Node known = history.node(node);
        if (history.node(Unwinding.NODE) != null && !Unwinding.isUndo(node)) {
            throw InterventionRefusedException.takenBack(traceId, decision);
        }
        if (known == null) {
            if (workflow == null || !workflow.traits().nodes().contains(node)) {
                throw InterventionRefusedException.unknown(traceId, decision);
            }
            return;
        }
        PersistenceEnvelope mark = known.records().get(0);
        WaitNote note = mark.outcome() == Outcome.STARTED ? WaitNote.of(mark.payload()) : null;
        Type type = note == null || note.type() == null ? null : Types.named(note.type());
        checkType(traceId, decision, type, note != null);
    }

    private void checkType(String traceId, Intervention decision, @Nullable Type type, boolean isPureWait) {
        if (decision.action() == InterventionAction.RERUN && isPureWait) {
            throw InterventionRefusedException.rerun(traceId, decision);
        }
        if (decision.action() == InterventionAction.SUPPLY && type != null) {
            Payload payload = decision.payloadOverride() == null ? WaitNote.NOTHING : decision.payloadOverride();
            try {
                config.codec().decode(payload, type);
            } catch (PayloadCodecException misfit) {
                throw InterventionRefusedException.misfit(traceId, decision, misfit);
            }
        }
    }

    Flux<Wait> waits(String traceId) {
        return trace(traceId).flatMapIterable(Decisions::waits);
    }

    static List<Wait> waits(PersistedTrace trace) {
        List<Wait> waits = new ArrayList<>();
        if (trace.completion() == null) {
            History history = new History();
            history.addAll(trace.envelopes());
            for (String key : history.keys()) {
                History.Node node = history.node(key);
                PersistenceEnvelope last = node == null ? null : node.effective();
                Wait wait = last == null || key.equals(Unwinding.NODE) ? null : wait(last);
                if (wait != null) {
                    waits.add(wait);
                }
            }
        }
        return waits;
    }

    /** What a step waits for whose last record is this, or null. */
    static @Nullable Wait wait(PersistenceEnvelope last) {
        if (last.outcome() == Outcome.STARTED) {
            WaitNote note = WaitNote.of(last.payload());
            return note == null
                    ? new Wait(last.nodeId(), Wait.Kind.IN_DOUBT, null, last.at(), null)
                    : new Wait(last.nodeId(), note.kind(), note.type(), last.at(), note.until());
        }
        Remark remark = Remark.of(last);
        if (remark == null) {
            return null;
        }
        Instant at = remark.at();
        return switch (remark.kind()) {
            case NEXT_ATTEMPT -> new Wait(last.nodeId(), Wait.Kind.RETRY, null, last.at(), at);
            case HALTED -> new Wait(last.nodeId(), Wait.Kind.DECISION, null, last.at(), null);
            case FALLBACK, RERUN, REFUSED -> null;
        };
    }

    private Mono<PersistedTrace> trace(String traceId) {
        return Mono.defer(() -> config.traces().load(traceId))
                .switchIfEmpty(Mono.error(() -> new TraceNotFoundException(traceId)));
    }
}
