package io.reactivestore.engine;

import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Runs the user's function: attempts, time limits, and what follows when no attempt is left. */
class FunctionWork<T> implements Work<T> {

    private final Run run;
    private final StepOptions<T> options;
    private final StepPolicy policy;
    private final Function<StepContext, ? extends Mono<T>> function;

    FunctionWork(
            Run run, StepOptions<T> options, StepPolicy policy, Function<StepContext, ? extends Mono<T>> function) {
        this.run = run;
        this.options = options;
        this.policy = policy;
        this.function = function;
    }

    @Override
    public void begin(LiveStep<T> step, @Nullable PersistenceEnvelope last) {
        if (last == null) {
            attempt(step);
        } else if (last.outcome() == Outcome.STARTED) {
            beginMarked(step);
        } else {
            beginBehind(step, last);
        }
    }

    private void beginMarked(LiveStep<T> step) {
        if (step.isMarked()) {
            call(step);
        } else if (options.isAtMostOnce()) {
            step.waitUntil(null, () -> {});
        } else {
            attempt(step);
        }
    }

    /** Goes on behind a failure as it was announced. */
    private void beginBehind(LiveStep<T> step, PersistenceEnvelope failed) {
        Remark remark = Remark.of(failed);
        if (remark == null || remark.kind() == Remark.Kind.REFUSED) {
            attempt(step);
            return;
        }
        switch (remark.kind()) {
            case HALTED -> step.waitUntil(null, () -> {});
            case FALLBACK -> fallBack(step, failed);
            case RERUN -> attempt(step);
            default -> {
                Instant at = remark.at();
                if (at == null || !at.isAfter(run.now())) {
                    attempt(step);
                } else {
                    step.waitUntil(at, () -> attempt(step));
                }
            }
        }
    }

    @Override
    public Verdict<T> rerun(LiveStep<T> step, Intervention decision) {
        run.journal().overrideWith(decision);
        return Verdict.failedFor(new Failure("rerun", decision.reason(), null), Remark.RERUN);
    }

    private void attempt(LiveStep<T> step) {
        if (options.isMarked()) {
            step.record(Verdict.started(null));
        } else {
            call(step);
        }
    }

    /** Makes an attempt. */
    void call(LiveStep<T> step) {
        StepContext attempt = step.attempt();
        Mono<T> once = run.around(attempt, Mono.defer(() -> function.apply(attempt)));
        Duration timeout = policy.timeout();
        step.call(timeout == null ? once : once.timeout(timeout, run.scheduler()), ended(step));
    }

    private BiConsumer<@Nullable T, @Nullable Throwable> ended(LiveStep<T> step) {
        return (value, error) -> {
            if (error != null) {
                failed(step, error);
            } else if (options.isErrorValue(value)) {
                failed(step, new ErrorValueException(run.traceId(), step.key()));
            } else {
                step.record(Verdict.success(run.encode(step.key(), value, options.type()), value));
            }
        };
    }

    final void failed(LiveStep<T> step, Throwable error) {
        Failure failure = Failure.of(error);
        int failures = 1 + step.failuresInARow();
        if (!options.isAtMostOnce() && policy.retry().allows(failures, error)) {
            Duration delay = policy.retry().delay(failures, run.random());
            step.record(Verdict.failedFor(failure, Remark.nextAttempt(run.now().plus(delay))));
        } else if (options.fallback() != null) {
            step.record(Verdict.failedFor(failure, Remark.FALLBACK));
        } else {
            giveUp(step, failure, error);
        }
    }

    private void giveUp(LiveStep<T> step, Failure failure, @Nullable Throwable error) {
        switch (policy.onFailure()) {
            case SIGNAL ->
                step.record(Verdict.failed(failure, StepFailedException.of(run.traceId(), step.key(), failure, error)));
            case SKIP -> step.record(Verdict.skipped(failure));
            case HALT -> step.record(Verdict.failedFor(failure, Remark.HALTED));
        }
    }

    private void fallBack(LiveStep<T> step, PersistenceEnvelope failed) {
        Function<Failure, ? extends Mono<T>> fallback = options.fallback();
        Failure failure = failed.failure();
        if (fallback == null || failure == null) {
            // the code no longer has the fallback it announced
            attempt(step);
            return;
        }
        Failure why = new Failure(failure.type(), failure.message(), null);
        step.call(Mono.defer(() -> fallback.apply(why)), (value, error) -> {
            if (error == null) {
                step.record(Verdict.success(run.encode(step.key(), value, options.type()), value));
            } else {
                giveUp(step, Failure.of(error), error);
            }
        });
    }
}
