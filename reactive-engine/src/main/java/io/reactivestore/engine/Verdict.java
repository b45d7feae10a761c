package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of a step, and what the step does once that is durable: signal, or go on.
 *
 * @param outcome what is recorded
 * @param payload what is recorded
 * @param failure what is recorded
 * @param value what the step then emits, if anything
 * @param error what the step then signals instead
 * @param isFinal whether the step signals; otherwise its work goes on
 * @param <T> the type of the result
 */
record Verdict<T>(
        Outcome outcome,
        @Nullable Payload payload,
        @Nullable Failure failure,
        @Nullable T value,
        @Nullable Throwable error,
        boolean isFinal) {

    static <T> Verdict<T> success(@Nullable Payload payload, @Nullable T value) {
        return new Verdict<>(Outcome.SUCCESS, payload, null, value, null, true);
    }

    static <T> Verdict<T> skipped(@Nullable Failure failure) {
        return new Verdict<>(Outcome.SKIPPED, null, failure, null, null, true);
    }

    static <T> Verdict<T> failed(Failure failure, Throwable error) {
        return new Verdict<>(Outcome.FAULT, null, failure, null, error, true);
    }

    /** A failure behind which something follows. */
    static <T> Verdict<T> failedFor(Failure failure, Remark remark) {
        return new Verdict<>(Outcome.FAULT, null, remark.on(failure), null, null, false);
    }

    /** A decision that changes nothing: on record, so that it is not found again. */
    static <T> Verdict<T> refused(InterventionRefusedException error) {
        return failedFor(Failure.of(error), Remark.REFUSED);
    }

    /** The mark that an attempt, or a wait, begins. */
    static <T> Verdict<T> started(@Nullable Payload note) {
        return new Verdict<>(Outcome.STARTED, note, null, null, null, false);
    }
}
