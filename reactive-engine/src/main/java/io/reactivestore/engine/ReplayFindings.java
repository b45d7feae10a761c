package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Payload;
import io.reactivestore.engine.ReplayReport.Difference;
import io.reactivestore.engine.ReplayReport.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges how a replay came to its end. */
final class ReplayFindings {

    private final ReplayRecord recorded;
    private final List<String> missing = new ArrayList<>();
    private final List<String> unanswered = new ArrayList<>();
    private final List<Difference> differences;

    /**
     * Begins.
     *
     * @param silent the steps that were asked for last and got no answer
     * @param differences what was found on the way
     */
    ReplayFindings(ReplayRecord recorded, List<String> silent, Collection<Difference> differences) {
        this.recorded = recorded;
        this.differences = new ArrayList<>(differences);
        silent.forEach(key -> (recorded.isKnown(key) ? unanswered : missing).add(key));
    }

    List<Difference> all() {
        return differences;
    }

    /** The code made a mistake, or a result is not of its type. */
    void stopped(Throwable mistake) {
        String message = String.valueOf(mistake.getMessage());
        if (mistake instanceof PayloadCodecException misfit) {
            differ(Kind.TYPE_MISFIT, misfit.node() == null ? "" : misfit.node(), message);
        } else {
            differ(Kind.STOPPED, "", message);
        }
        unasked(Kind.NOT_REACHED, "on record, the replay ended before it");
    }

    /** The code did not come to its end: it waits as it did, or for what is not on record. */
    void silent() {
        List<String> unasked = recorded.unasked();
        boolean goesBeyond = missing.isEmpty() || (unasked.isEmpty() && !recorded.isAtRest());
        if (!goesBeyond) {
            missing();
            unasked(Kind.NOT_REACHED, "on record, the replay ended before it");
            return;
        }
        unasked(Kind.NEVER_ASKED_FOR, "on record, the code waits without asking for it");
        Completion end = recorded.ownEnd();
        if (end != null) {
            unanswered.forEach(key -> differ(Kind.NOT_ON_RECORD, key, "its result is not on record"));
            differ(Kind.OTHER_END, "", "the code does not come to its end, on record is " + end.state());
        }
    }

    /**
     * The code came to its end.
     *
     * @param error what it signalled, or null
     * @param result its result, or null if it failed, or the result is not of its type
     */
    void ended(@Nullable Throwable error, @Nullable Payload result) {
        missing();
        unasked(Kind.NEVER_ASKED_FOR, "on record, the code came to its end without asking for it");
        Completion end = recorded.ownEnd();
        if (end == null) {
            return;
        }
        if (error != null) {
            Failure failure = error instanceof StepFailedException step ? step.failure() : Failure.of(error);
            String type = end.failure() == null ? null : end.failure().type();
            if (!failure.type().equals(type)) {
                String on = type == null ? end.state().name() : end.state() + " with " + type;
                differ(Kind.OTHER_END, "", "the code fails with " + failure.type() + ", on record is " + on);
            }
        } else if (end.state() != CompletionState.SUCCESS) {
            differ(Kind.OTHER_END, "", "the code succeeds, on record is " + end.state());
        } else if (result == null) {
            differ(Kind.TYPE_MISFIT, "", "the result of the code cannot be written as the type it has");
        } else if (end.result() != null && !end.result().hash().equals(result.hash())) {
            differ(Kind.OTHER_END, "", "the code comes to another result");
        }
    }

    private void missing() {
        missing.forEach(key -> differ(Kind.NOT_ON_RECORD, key, "asked for, the code would do it"));
    }

    private void unasked(Kind kind, String detail) {
        recorded.unasked().forEach(key -> differ(kind, key, detail));
    }

    private void differ(Kind kind, String node, String detail) {
        differences.add(new Difference(kind, node, detail));
    }
}
