package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Payload;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Brings the end of a run on record, in the knowledge of all decisions before it. */
final class Conclusion {

    private final Run run;

    Conclusion(Run run) {
        this.run = run;
    }

    /** The body came to its end, and nothing is under way. */
    void of(@Nullable Object value, @Nullable Throwable error) {
        try {
            Workflow<?, ?> workflow = run.workflow();
            Payload result = run.encode("the end", value, workflow.outputType());
            reportUnasked();
            if (workflow.traits().autoComplete()) {
                complete(
                        Completion.of(CompletionState.SUCCESS, run.now()).withResult(result),
                        CompletionState.SUCCESS,
                        value,
                        null,
                        () -> of(value, error));
            } else {
                leaveOpen(value, error);
            }
        } catch (PayloadCodecException misfit) {
            run.halt(misfit);
        }
    }

    private void leaveOpen(@Nullable Object value, @Nullable Throwable error) {
        Throwable told = error == null
                ? null
                : new WorkflowFailedException(run.traceId(), CompletionState.FAULT, failureOf(error), error);
        write(
                seen -> new JournalEvent.Suspended(null, run.now()),
                position -> run.end(new RunEnd.Ended(value, told)),
                () -> of(value, error));
    }

    static Failure failureOf(Throwable error) {
        return error instanceof StepFailedException step ? step.failure() : Failure.of(error);
    }

    private void reportUnasked() {
        Set<String> unasked = run.unasked();
        if (!unasked.isEmpty() && run.config().isListenedTo()) {
            run.config().tell(new EngineEvent.StepsNotAskedFor(run.traceId(), unasked));
        }
    }

    /**
     * Records the end, the parent first: it must not miss it.
     *
     * @param how the end it would be if nothing had been taken back
     */
    void complete(
            Completion end, CompletionState how, @Nullable Object value, @Nullable Throwable cause, Runnable again) {
        if (run.steering().keepsFromEnd()) {
            return;
        }
        Throwable error = end.state() == CompletionState.SUCCESS
                ? null
                : new WorkflowFailedException(run.traceId(), end.state(), end.failure(), cause);
        run.runs()
                .announce(run, end)
                .subscribe(
                        nothing -> {},
                        run::halt,
                        () -> write(
                                seen -> new JournalEvent.Completed(end),
                                new Departures(run.config()).with(run, end, how),
                                position -> completed(position, new RunEnd.Ended(value, error)),
                                again));
    }

    /** The same end, recorded by another who took over, is absorbed: it is not this run's then, nor need its result be. */
    private void completed(long position, RunEnd own) {
        run.end(position == run.journal().seen() ? own : new RunEnd.EndedElsewhere());
    }

    /** Writes an entry, unless something is decided that it must not precede: that is taken in instead. */
    void write(LongFunction<JournalEvent> event, LongConsumer written, Runnable again) {
        write(event, List.of(), written, again);
    }

    private void write(
            LongFunction<JournalEvent> event, List<Outgoing> outgoing, LongConsumer written, Runnable again) {
        long seen = run.journal().seen();
        if (!run.steering().keepsFromEnd()) {
            run.journal().writeAfter(seen, event.apply(seen), outgoing, written, error -> notWritten(error, again));
        }
    }

    /** Looks at what was decided meanwhile, and tries again. */
    void notWritten(Throwable error, Runnable again) {
        if (error instanceof PositionConflictException) {
            run.journal().look().subscribe(nothing -> {}, run::halt, () -> {
                if (!run.isEnded()) {
                    again.run();
                }
            });
        } else {
            run.halt(error);
        }
    }
}
