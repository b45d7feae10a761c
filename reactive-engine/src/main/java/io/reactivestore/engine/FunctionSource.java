package io.reactivestore.engine;

import io.reactivestore.Failure;
import java.lang.reflect.Type;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** Verdicts by calling the user's function. */
record FunctionSource<T>(Run run, String key, Type type, Function<StepContext, ? extends Mono<T>> function)
        implements VerdictSource<T> {

    @Override
    public Mono<Verdict<T>> next(StepContext attempt) {
        return Mono.<T>defer(() -> function.apply(attempt)).materialize().map(this::verdict);
    }

    @Override
    public boolean waits() {
        return false;
    }

    private Verdict<T> verdict(Signal<T> signal) {
        Throwable error = signal.getThrowable();
        if (error != null) {
            return Verdict.fault(Failure.of(error), Mono.error(error));
        }
        return Verdict.success(run.encode(key, signal.get(), type), signal.get());
    }
}
