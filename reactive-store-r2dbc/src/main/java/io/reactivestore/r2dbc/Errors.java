package io.reactivestore.r2dbc;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.R2dbcTransientException;
import io.reactivestore.error.StoreException;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.StoreUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What drivers say, translated. The SQLState decides where there is one, never the class: r2dbc-postgresql 1.1 reports timeouts
 * and lost connections as non-transient.
 */
final class Errors {

    private static final String LOCKED_FILE = "90020";

    private record Rule(String state, boolean isTransient, String meaning) {}

    /** The first rule whose state the error's state starts with. PostgreSQL's and H2's codes; they do not overlap. */
    private static final List<Rule> RULES = List.of(
            new Rule("08", true, "the connection was lost or refused"),
            new Rule("40", true, "the transaction was rolled back in favour of another"),
            new Rule("53", true, "the server is out of resources (disk, memory or connections)"),
            new Rule("55P03", true, "a lock was not to be had in time"),
            new Rule("57014", true, "the statement took too long and was cancelled"),
            new Rule("57P", true, "the server is starting, stopping or cut the connection"),
            new Rule("25006", true, "the server is read-only, as after a fail-over"),
            new Rule("HYT00", true, "a lock was not to be had in time"),
            new Rule("90067", true, "the connection is broken"),
            new Rule("90098", true, "the database was closed"),
            new Rule("90121", true, "the database was closed"),
            new Rule(
                    "90020",
                    false,
                    "the database file is in use by another process; stop that process or use another file"),
            new Rule("42P01", false, "the tables are missing; call migrate(), or check schema and table prefix"),
            new Rule("42S0", false, "the tables are missing; call migrate(), or check schema and table prefix"),
            new Rule("42501", false, "the user lacks a right on the tables"),
            new Rule("3F000", false, "the schema does not exist; create it, or check R2dbcConfig.schema"),
            new Rule("90079", false, "the schema does not exist; create it, or check R2dbcConfig.schema"),
            new Rule("3D000", false, "the database does not exist"),
            new Rule("90146", false, "the database does not exist"),
            new Rule("28", false, "user name or password was refused"));

    private Errors() {}

    /** Whether the head of a trace was not found that an append was to change. */
    static final class HeadMissing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HeadMissing() {
            super("a trace has no head any more", null, false, false);
        }
    }

    /** Whether a batch met something it did not expect: a position that is taken, or a head that is missing. */
    static boolean isCollision(Throwable error) {
        return isDuplicateKey(error)
                || error instanceof HeadMissing
                || (error instanceof R2dbcException sql && PostgresBatchWriter.HEAD_MISSING.equals(sql.getSqlState()));
    }

    /** Whether a row of the batch stands in the table already. */
    static boolean isDuplicateKey(@Nullable Throwable error) {
        return error instanceof R2dbcException sql && "23505".equals(sql.getSqlState());
    }

    static boolean isLockedFile(R2dbcException error) {
        return LOCKED_FILE.equals(error.getSqlState());
    }

    static Throwable translate(String operation, Throwable error) {
        if (error instanceof StoreException || error instanceof Error) {
            return error;
        }
        String state = error instanceof R2dbcException sql ? sql.getSqlState() : null;
        Rule rule = rule(state);
        boolean isTransient = rule != null ? rule.isTransient : isTransientByClass(error, state);
        String message = "Could not " + operation + ": "
                + (rule != null ? rule.meaning : meaning(error))
                + (state == null ? "" : " [SQLState " + state + "]") + ".";
        return isTransient
                ? new StoreUnavailableException(null, message, error)
                : new StoreFailedException(null, message, error);
    }

    private static String meaning(Throwable error) {
        return error instanceof TimeoutException || error instanceof R2dbcTimeoutException
                ? "the database did not answer in time"
                : error.getClass().getSimpleName();
    }

    private static @Nullable Rule rule(@Nullable String state) {
        return state == null
                ? null
                : RULES.stream()
                        .filter(rule -> state.startsWith(rule.state))
                        .findFirst()
                        .orElse(null);
    }

    private static boolean isTransientByClass(Throwable error, @Nullable String state) {
        return error instanceof R2dbcTransientException
                || error instanceof R2dbcTimeoutException
                || error instanceof TimeoutException
                || error instanceof IOException
                || (state == null && error instanceof R2dbcNonTransientResourceException);
    }
}
