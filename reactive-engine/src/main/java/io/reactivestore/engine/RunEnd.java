package io.reactivestore.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a run left its engine's memory. */
sealed interface RunEnd {

    /** The end of the trace is on record, or the workflow came to its end and is not completed by itself. */
    record Ended(@Nullable Object value, @Nullable Throwable error) implements RunEnd {}

    /** The trace waits in the database. */
    record Suspended(@Nullable Instant dueAt) implements RunEnd {}

    /** The trace is to be run again from behind a step. */
    record Rewound(long fromStep) implements RunEnd {}

    /** Somebody else took the trace back by this engine's own store: it is to be run anew from what is on record. */
    record Retold() implements RunEnd {}

    /** The trace goes on with a state of its own; what was recorded before is void. */
    record Continued(Opening next) implements RunEnd {}

    /** Another engine has it. */
    record Lost(Throwable error) implements RunEnd {}

    /** The run cannot go on; the trace stays open. */
    record Halted(Throwable error) implements RunEnd {}

    /** The trace was not for this engine to run. */
    record NotHere() implements RunEnd {}

    /** The trace ended, but not by this run. */
    record EndedElsewhere() implements RunEnd {}
}
