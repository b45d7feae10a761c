package io.reactivestore.engine;

import io.reactivestore.Payload;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Tries a trace that failed again from the step that failed, after a delay that it spends outside memory. In the journal that is a
 * note, the resume that makes the failure void, and a rest; a note without its resume, for a crash in between, does not count.
 */
final class TraceRetry {

    /** The type of the custom entry that announces another attempt. */
    static final String RECORD = "reactivestore:retry";

    /**
     * What is noted.
     *
     * @param attempt which attempt follows, from 2
     * @param at when
     * @param failure what the one before it came to
     */
    record Note(int attempt, Instant at, String failure) {}

    private final Run run;

    TraceRetry(Run run) {
        this.run = run;
    }

    /** Tries the trace again, or lets it end if it may not be tried any more. The body has failed and nothing is under way. */
    void orElse(Throwable cause, Runnable end) {
        RetryPolicy policy = run.workflow().traits().deadLetters().retry();
        if (policy.isNone() || cause instanceof InterventionFailedException) {
            end.run();
            return;
        }
        failures()
                .subscribe(
                        failures -> {
                            if (policy.allows(failures, cause)) {
                                note(cause, failures, wakeAt(policy, failures), end);
                            } else {
                                end.run();
                            }
                        },
                        run::halt);
    }

    /** How often the trace has failed, this time included. */
    private Mono<Integer> failures() {
        return run.config()
                .journal()
                .read(run.traceId(), 0)
                // somebody may decide between the note and its resume
                .filter(entry -> !(entry.event() instanceof JournalEvent.Intervened))
                .buffer(2, 1)
                .filter(TraceRetry::isRetried)
                .count()
                .map(retries -> retries.intValue() + 1);
    }

    private static boolean isRetried(List<JournalEntry> pair) {
        return pair.size() == 2
                && pair.get(0).event() instanceof JournalEvent.Custom custom
                && custom.type().equals(RECORD)
                && pair.get(1).event() instanceof JournalEvent.Resumed;
    }

    private Instant wakeAt(RetryPolicy policy, int failures) {
        Instant at = run.now().plus(policy.delay(failures, run.random()));
        Instant deadline = run.workflow().deadline(run.opening().startedAt());
        return deadline == null || at.isBefore(deadline) ? at : deadline;
    }

    private void note(Throwable cause, int failures, Instant wakeAt, Runnable end) {
        Note note = new Note(failures + 1, wakeAt, Conclusion.failureOf(cause).type());
        Payload payload = JsonCodec.INSTANCE.encode(note, Note.class);
        run.conclusion()
                .write(
                        seen -> new JournalEvent.Custom(RECORD, payload, run.now()),
                        position -> goBack(cause, wakeAt),
                        () -> orElse(cause, end));
    }

    private void goBack(Throwable cause, Instant wakeAt) {
        run.config()
                .traces()
                .resume(run.traceId(), lastToKeep(cause))
                .flatMap(cursor -> rest(cursor.position(), wakeAt))
                .subscribe(position -> run.end(new RunEnd.Suspended(wakeAt)), run::halt);
    }

    /** Whatever somebody decides meanwhile makes the rest due, so it may stand before it or behind it. */
    private Mono<Long> rest(long position, Instant wakeAt) {
        JournalEvent rest = new JournalEvent.Suspended(wakeAt, run.now());
        return run.config()
                .journal()
                .append(run.traceId(), position, List.of(rest))
                .onErrorResume(PositionConflictException.class, decided -> restAtOnce());
    }

    private Mono<Long> restAtOnce() {
        Instant now = run.now();
        return run.config().journal().append(run.traceId(), List.of(new JournalEvent.Suspended(now, now)));
    }

    /** Behind it stands the step that failed, and what failed only after it. What failed before it the code has got over. */
    private long lastToKeep(Throwable cause) {
        History history = run.history();
        History.Node failed = failed(cause);
        if (failed == null) {
            return history.highestRecorded();
        }
        long first = failed.step();
        for (String key : history.failedKeys()) {
            History.Node node = history.node(key);
            if (node != null && node.lastOrdinal() >= failed.lastOrdinal()) {
                first = Math.min(first, node.step());
            }
        }
        return first - 1;
    }

    private History.@Nullable Node failed(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof StepFailedException step) {
                return run.history().node(step.node());
            }
        }
        return null;
    }
}
