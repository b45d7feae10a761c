package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One run of one trace in this engine. It ends once, in one of three ways: the workflow ended and that is recorded; its end was
 * found on record; it was halted, which leaves the trace open. After the first of them, the others have no effect.
 */
final class Run {

    private enum State {
        RUNNING,
        COMPLETING,
        ENDED
    }

    private final String traceId;
    private final EngineConfig config;
    private final Consumer<Run> atEnd;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final History history = new History();
    private final LiveSteps steps = new LiveSteps();
    private final WaitingRoom waiting;
    private final Disposable.Swap body = Disposables.swap();
    private final Sinks.One<Opening> opened = Sinks.one();
    private final Sinks.One<Object> result = Sinks.one();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private volatile ContextView context = Context.empty();
    private volatile @Nullable Opening opening;
    private volatile boolean stopping;

    Run(String traceId, EngineConfig config, Consumer<Run> atEnd) {
        this.traceId = traceId;
        this.config = config;
        this.atEnd = atEnd;
        this.waiting = new WaitingRoom(this, config);
    }

    /** One edge of the engine: subscribes. The run lives on its own; the Monos below only listen to it. */
    void start(Mono<Opening> how, ContextView subscriber) {
        context = subscriber;
        body.update(how.flatMap(this::execute).contextWrite(subscriber).subscribe(nothing -> {}, this::halt));
    }

    Mono<Opening> opened() {
        return opened.asMono();
    }

    Mono<Object> result() {
        return result.asMono();
    }

    /** Completes when the run has ended, however. */
    Mono<Void> ended() {
        return ended.asMono();
    }

    private Mono<Void> execute(Opening found) {
        opening = found;
        opened.tryEmitValue(found);
        Completion end = found.trace().completion();
        if (end != null) {
            endAsRecorded(end);
            return Mono.empty();
        }
        history.addAll(found.trace().envelopes());
        if (config.isListenedTo()) {
            Workflow<?, ?> workflow = found.workflow();
            config.tell(new EngineEvent.RunStarted(traceId, workflow.name(), workflow.version(), found.resumptions()));
        }
        Object input = decode(History.START, found.input(), found.workflow().inputType());
        return Mono.<Object>defer(() -> found.workflow().invoke(new WorkflowContext(this), input))
                .materialize()
                .flatMap(end2 -> conclude(end2, found.workflow()));
    }

    private Mono<Void> conclude(Signal<Object> end, Workflow<?, ?> workflow) {
        Throwable error = end.getThrowable();
        Completion completion = error == null
                ? Completion.of(CompletionState.SUCCESS, config.clock().instant())
                        .withResult(encode("the end", end.get(), workflow.outputType()))
                : Completion.of(CompletionState.FAULT, config.clock().instant()).withFailure(Failure.of(error));
        if (!state.compareAndSet(State.RUNNING, State.COMPLETING)) {
            return Mono.empty();
        }
        return Mono.defer(() -> config.store().complete(traceId, completion))
                .doOnSuccess(nothing -> end(end.get(), failure(completion, error)))
                .onErrorResume(trouble -> {
                    if (error != null) {
                        trouble.addSuppressed(error);
                    }
                    end(null, trouble);
                    return Mono.empty();
                });
    }

    /** The trace has ended, here or elsewhere: signals what is on record. */
    void endAsRecorded(Completion end) {
        Opening found = Objects.requireNonNull(opening);
        if (state.compareAndSet(State.RUNNING, State.COMPLETING)) {
            body.dispose();
            try {
                Payload payload = end.result();
                Type type = found.workflow().outputType();
                Object value = payload == null ? null : decode("the end", payload, type);
                end(value, failure(end, null));
            } catch (PayloadCodecException misfit) {
                end(null, misfit);
            }
        }
    }

    /** Stops the run and leaves the trace open. User code does not see it. */
    void halt(Throwable why) {
        if (state.compareAndSet(State.RUNNING, State.COMPLETING)) {
            body.dispose();
            end(null, why);
        }
    }

    /** Halts the run on subscription and stays silent. */
    <T> Mono<T> halted(Throwable why) {
        return Mono.defer(() -> {
            halt(why);
            return Mono.never();
        });
    }

    private void end(@Nullable Object value, @Nullable Throwable error) {
        state.set(State.ENDED);
        waiting.close();
        // before anybody hears of it: who then runs the trace again must not find this run
        atEnd.accept(this);
        if (config.isListenedTo() && opening != null) {
            config.tell(
                    error == null ? new EngineEvent.RunCompleted(traceId) : new EngineEvent.RunFailed(traceId, error));
        }
        if (error != null) {
            opened.tryEmitError(error);
            result.tryEmitError(error);
        } else if (value != null) {
            result.tryEmitValue(value);
        } else {
            result.tryEmitEmpty();
        }
        ended.tryEmitEmpty();
    }

    private @Nullable Throwable failure(Completion end, @Nullable Throwable cause) {
        return end.state() == CompletionState.SUCCESS
                ? null
                : new WorkflowFailedException(traceId, end.state(), end.failure(), cause);
    }

    /** Lets what is under way be recorded and starts nothing more. */
    void stop() {
        stopping = true;
        stopIfIdle();
    }

    boolean isStopping() {
        return stopping;
    }

    void stopIfIdle() {
        if (stopping && steps.isIdle()) {
            halt(new EngineClosedException(traceId));
        }
    }

    @Nullable
    LiveStep enter(String name, boolean waits) {
        return steps.enter(name, waits);
    }

    PersistenceEnvelope envelope(long step, String key, Outcome outcome) {
        Workflow<?, ?> workflow = Objects.requireNonNull(opening).workflow();
        return PersistenceEnvelope.of(
                        traceId,
                        workflow.name(),
                        step,
                        key,
                        outcome,
                        config.clock().instant())
                .withVersion(workflow.version());
    }

    Mono<Void> append(PersistenceEnvelope envelope) {
        return Mono.defer(() -> config.store().append(envelope)).then().doOnSuccess(nothing -> {
            history.add(envelope);
            tell(envelope, false);
        });
    }

    void tell(PersistenceEnvelope envelope, boolean replayed) {
        if (config.isListenedTo()) {
            config.tell(new EngineEvent.StepRecorded(
                    traceId, envelope.step(), envelope.nodeId(), envelope.attempt(), envelope.outcome(), replayed));
        }
    }

    Payload encode(String key, @Nullable Object value, Type type) {
        try {
            return config.codec().encode(value, type);
        } catch (PayloadCodecException misfit) {
            throw misfit.at(traceId, key);
        }
    }

    @Nullable
    Object decode(String key, @Nullable Payload payload, Type type) {
        try {
            return payload == null ? null : config.codec().decode(payload, type);
        } catch (PayloadCodecException misfit) {
            throw misfit.at(traceId, key);
        }
    }

    String traceId() {
        return traceId;
    }

    ContextView context() {
        return context;
    }

    History history() {
        return history;
    }

    WaitingRoom waiting() {
        return waiting;
    }

    int resumptions() {
        return Objects.requireNonNull(opening).resumptions();
    }
}
