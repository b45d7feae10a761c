package io.reactivestore.engine;

import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.StoreException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.transactions.Transactions;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs the user's function in a transaction of the store's database and records its result in the same one: both are there, or
 * neither is.
 */
final class TransactionWork<T, C> extends FunctionWork<T> {

    /** What a transaction left behind. */
    private record Committed<T>(
            PersistenceEnvelope envelope, @Nullable T value, long position) {}

    private final Run run;
    private final StepOptions<T> options;
    private final Transactions<C> transactions;
    private final BiFunction<? super StepContext, ? super C, ? extends Mono<T>> function;

    TransactionWork(
            Run run,
            StepOptions<T> options,
            StepPolicy policy,
            Transactions<C> transactions,
            BiFunction<? super StepContext, ? super C, ? extends Mono<T>> function) {
        super(run, options, policy, attempt -> Mono.empty());
        this.run = run;
        this.options = options;
        this.transactions = transactions;
        this.function = function;
    }

    /** Whether it was committed could be told by the journal only. */
    @Override
    public boolean isInterruptible() {
        return false;
    }

    @Override
    void call(LiveStep<T> step) {
        StepContext attempt = step.attempt();
        Mono<Committed<T>> once = transactions.inTransaction(connection -> run.<T>around(
                        attempt, Mono.defer(() -> function.apply(attempt, connection)))
                .singleOptional()
                .flatMap(value -> append(step, connection, value.orElse(null))));
        step.callOther(once, (committed, error) -> {
            if (committed != null) {
                step.recordedElsewhere(
                        committed.envelope(), committed.position(), Verdict.success(null, committed.value()));
            } else if (error instanceof StoreException) {
                step.notRecordedElsewhere(error);
            } else if (error != null) {
                failed(step, error);
            }
        });
    }

    private Mono<Committed<T>> append(LiveStep<T> step, C connection, @Nullable T value) {
        if (options.isErrorValue(value)) {
            return Mono.error(new ErrorValueException(run.traceId(), step.key()));
        }
        PersistenceEnvelope envelope =
                step.envelope(Verdict.success(run.encode(step.key(), value, options.type()), value));
        return run.config()
                .payloads()
                .transformed(new JournalEvent.StepRecorded(envelope))
                .flatMap(event -> transactions.append(
                        connection, run.traceId(), run.journal().seenBy(step.key()), List.of(event)))
                .map(position -> new Committed<>(envelope, value, position));
    }
}
