package io.reactivestore.core;

import io.reactivestore.Completion;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.core.TraceFold.RecordedStep;
import io.reactivestore.core.TraceFold.StepKey;
import io.reactivestore.error.ClaimLostException;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.StepConflictException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.error.WorkflowMismatchException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.util.Objects;

/** Whether an event may be appended to a trace: rules T1 to T10 of {@link io.reactivestore.PersistenceStore}. */
final class Rules {

    /** The answer that an event is to be written. */
    static final long WRITE = 0;

    private Rules() {}

    /**
     * Judges one event.
     *
     * @return {@link #WRITE}, or the position at which the same event already stands
     * @throws io.reactivestore.error.StoreException if the event is refused
     */
    static long judge(TraceFold trace, JournalEvent event, long writer) {
        String traceId = trace.traceId();
        if (!trace.exists() && !(event instanceof StepRecorded)) {
            throw new TraceNotFoundException(traceId);
        }
        if (event instanceof Intervened intervened) {
            Long recorded = trace.decision(intervened.intervention().id());
            if (recorded != null) {
                return recorded;
            }
        }
        Completion end = trace.completion();
        if (end != null) {
            if (!(event instanceof Completed completed)) {
                throw new TraceCompletedException(traceId, end.state());
            }
            if (end.state() == completed.completion().state()) {
                return trace.completedAt();
            }
            if (!end.state().mayBecome(completed.completion().state())) {
                throw new TraceCompletedException(traceId, end.state());
            }
        }
        if (event instanceof Resumed resumed && resumed.fromStep() > trace.highestStep()) {
            throw new ResumeOutOfRangeException(traceId, resumed.fromStep(), trace.highestStep());
        }
        if (event instanceof StepRecorded recorded) {
            return judge(trace, recorded.envelope(), writer);
        }
        if (event instanceof Completed || event instanceof Custom || event instanceof Suspended) {
            checkHeld(trace, writer);
        }
        return WRITE;
    }

    private static long judge(TraceFold trace, PersistenceEnvelope envelope, long writer) {
        judgeWorkflow(trace, envelope);
        checkHeld(trace, writer);
        RecordedStep recorded = trace.step(StepKey.of(envelope));
        if (recorded == null) {
            return WRITE;
        }
        if (!Objects.equals(recorded.hash(), envelope.payloadHash())) {
            throw new StepConflictException(
                    trace.traceId(), envelope.step(), envelope.nodeId(), envelope.attempt(), recorded.position());
        }
        return recorded.position();
    }

    static void judgeWorkflow(TraceFold trace, PersistenceEnvelope envelope) {
        if (trace.head() != null && !trace.head().workflow().equals(envelope.workflow())) {
            throw new WorkflowMismatchException(trace.traceId(), trace.head().workflow(), envelope.workflow());
        }
    }

    private static void checkHeld(TraceFold trace, long writer) {
        if (trace.isHeldByOther(writer)) {
            throw new ClaimLostException(trace.traceId(), trace.heldSince());
        }
    }
}
