package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Starts another trace and waits for its end, which that trace announces as a decision about this step. */
record ChildWork<I, O>(Run run, Workflow<I, O> workflow, String traceId, Payload input) implements Work<O> {

    private static final int ID_CHARS = 255;

    /** The id of the trace that a step starts: readable if there is room. */
    static String idOf(String parent, String key, long generation) {
        String id = parent + "/" + key + (generation == 0 ? "" : "@" + generation);
        return id.length() <= ID_CHARS
                ? id
                : Sha256.of(id.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The traces that the steps of a run have started and wait for. */
    static List<String> underWay(Run run) {
        long generation = run.opening().meta().generation();
        List<String> underWay = new ArrayList<>();
        for (String key : run.history().keys()) {
            PersistenceEnvelope last =
                    Objects.requireNonNull(run.history().node(key)).last();
            WaitNote note = last.outcome() == Outcome.STARTED ? WaitNote.of(last.payload()) : null;
            // the copy of a trace waits for a trace of its own, which it may not have started yet
            if (note != null
                    && note.kind() == Wait.Kind.TRACE
                    && idOf(run.traceId(), key, generation).equals(note.traceId())) {
                underWay.add(note.traceId());
            }
        }
        return underWay;
    }

    @Override
    public void begin(LiveStep<O> step, @Nullable PersistenceEnvelope last) {
        if (last == null) {
            step.record(Verdict.started(new WaitNote(Wait.Kind.TRACE, null, null, traceId).toPayload()));
            return;
        }
        TraceMeta own = run.opening().meta();
        TraceMeta meta =
                TraceMeta.of(workflow.traits().structure(), run.traceId(), step.key(), own.context(), own.generation());
        run.runs()
                .startChild(workflow, traceId, input, meta)
                .contextWrite(run.context())
                .singleOptional()
                .subscribe(
                        end -> end.ifPresentOrElse(there -> ended(step, there), () -> step.waitUntil(null, () -> {})),
                        run::halt);
    }

    /** It announced its end before this step, which was rewound. */
    private void ended(LiveStep<O> step, Completion end) {
        if (end.state() == CompletionState.SUCCESS) {
            Payload result = end.result() == null ? WaitNote.NOTHING : end.result();
            try {
                @SuppressWarnings("unchecked") // the codec reads it as this type
                @Nullable
                O value = (O) run.decode(step.key(), result, step.type());
                step.record(Verdict.success(result, value));
            } catch (PayloadCodecException misfit) {
                run.halt(misfit);
            }
        } else {
            InterventionFailedException error =
                    InterventionFailedException.because(run.traceId(), step.key(), reason(end));
            step.record(Verdict.failed(error.failure(), error));
        }
    }

    /** Why the step that waits for a trace fails when that one did not succeed. */
    static String reason(Completion end) {
        return end.failure() == null
                ? end.state().name()
                : end.state() + ": " + end.failure().message();
    }
}
