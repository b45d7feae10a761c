package io.reactivestore.examples.onboarding;

import io.r2dbc.spi.R2dbcException;
import io.reactivestore.Failure;
import io.reactivestore.engine.InputConflictException;
import io.reactivestore.engine.WorkflowFailedException;
import io.reactivestore.error.ResumeOutOfRangeException;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.error.TraceCompletedException;
import io.reactivestore.error.TraceNotFoundException;

/**
 * An error as one line and an exit code.
 *
 * @param exitCode what the shell learns
 * @param message what the person reads
 */
record Trouble(int exitCode, String message) {

    static Trouble of(Throwable error, String url) {
        if (error instanceof DemoException known) {
            return new Trouble(known.exitCode(), oneLine(known));
        }
        if (error instanceof TraceNotFoundException unknown) {
            return new Trouble(ExitCode.UNKNOWN_TRACE, "there is no trace '" + unknown.traceId() + "'. See: demo list");
        }
        if (error instanceof TraceCompletedException ended) {
            return new Trouble(
                    ExitCode.ENDED,
                    "trace '" + ended.traceId() + "' has already ended with " + ended.state() + ". See: demo show "
                            + ended.traceId());
        }
        if (error instanceof ResumeOutOfRangeException range) {
            return new Trouble(
                    ExitCode.USAGE,
                    "trace '" + range.traceId() + "' has no step " + range.fromStep() + "; its newest is "
                            + range.highestStep() + ".");
        }
        if (error instanceof WorkflowFailedException failed) {
            return new Trouble(
                    ExitCode.ERROR,
                    "trace '" + failed.traceId() + "' ended with " + failed.state() + reason(failed)
                            + ". See: demo show " + failed.traceId());
        }
        if (error instanceof InputConflictException other) {
            return new Trouble(
                    ExitCode.ERROR,
                    "trace '" + other.traceId() + "' was started with another --name. Use another --id, or go on with: "
                            + "demo resume " + other.traceId());
        }
        if (error instanceof IllegalArgumentException wrong) {
            return new Trouble(ExitCode.USAGE, oneLine(wrong) + ". See: demo --help");
        }
        if (error instanceof StoreException trouble && isDatabase(trouble)) {
            return new Trouble(ExitCode.DATABASE, database(trouble, url));
        }
        return new Trouble(ExitCode.ERROR, oneLine(error));
    }

    /** Whether another process has the H2 file open. */
    static boolean isLocked(Throwable trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException sql && "90020".equals(sql.getSqlState())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDatabase(StoreException trouble) {
        return trouble instanceof StoreUnavailableException || trouble instanceof StoreFailedException;
    }

    private static String database(StoreException trouble, String url) {
        // a URL may hold a password: only what stands behind the last @ is shown
        String shown = url.substring(url.lastIndexOf('@') + 1);
        if (isLocked(trouble)) {
            return "the database " + shown
                    + " is locked by another process. Wait for it to end, or name another one with --db.";
        }
        return "the database " + shown + " does not answer as it should. " + oneLine(trouble);
    }

    private static String reason(WorkflowFailedException failed) {
        Failure failure = failed.failure();
        return failure == null || failure.message() == null ? "" : ": " + failure.message();
    }

    private static String oneLine(Throwable error) {
        String message = error.getMessage();
        return message == null
                ? error.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").strip();
    }
}
