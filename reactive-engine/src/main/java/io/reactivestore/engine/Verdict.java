package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How an attempt ended: what is recorded of it, and what the step does once that is durable.
 *
 * @param outcome what is recorded
 * @param payload what is recorded
 * @param failure what is recorded
 * @param then what the step signals then
 * @param <T> the type of the result
 */
record Verdict<T>(
        Outcome outcome,
        @Nullable Payload payload,
        @Nullable Failure failure,
        Mono<T> then) {

    static <T> Verdict<T> success(Payload payload, @Nullable T value) {
        return new Verdict<>(Outcome.SUCCESS, payload, null, Mono.justOrEmpty(value));
    }

    static <T> Verdict<T> skipped() {
        return new Verdict<>(Outcome.SKIPPED, null, null, Mono.empty());
    }

    static <T> Verdict<T> fault(Failure failure, Mono<T> then) {
        return new Verdict<>(Outcome.FAULT, null, failure, then);
    }
}
