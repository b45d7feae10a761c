package io.reactivestore.engine;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One call of a step. The first subscription signals the first result on record, or else does the work; a subscription after a
 * failure signals the next one, or else does the work again.
 */
final class StepCall<T> {

    private final Run run;
    private final String name;
    private final String key;
    private final Type type;
    private final Work<T> work;
    private final @Nullable Function<? super T, ? extends Mono<?>> undo;
    private volatile int signalled;
    private volatile @Nullable LiveStep<T> latest;

    /**
     * Makes a call.
     *
     * @param name no two steps of this name are live at once
     * @param key tells the step from all others of the trace
     * @param undo what takes the step back, or null
     */
    StepCall(
            Run run,
            String name,
            String key,
            Type type,
            Work<T> work,
            @Nullable Function<? super T, ? extends Mono<?>> undo) {
        this.run = run;
        this.name = name;
        this.key = key;
        this.type = type;
        this.work = work;
        this.undo = undo;
    }

    Run run() {
        return run;
    }

    String name() {
        return name;
    }

    String key() {
        return key;
    }

    Type type() {
        return type;
    }

    Work<T> work() {
        return work;
    }

    Mono<T> mono() {
        return Mono.create(this::subscribed);
    }

    private void subscribed(MonoSink<T> sink) {
        LiveStep<T> before = latest;
        if (before != null && before.ifEnding(() -> subscribed(sink))) {
            return;
        }
        run.asked(key);
        int next = nextResult();
        if (next < 0) {
            run.order().afterAll(() -> enter(sink));
        } else {
            History.Node node = Objects.requireNonNull(run.history().node(key));
            long ordinal = node.ordinals().get(next);
            PersistenceEnvelope recorded = node.records().get(next);
            if (run.config().payloads().isPlain(recorded.payload())) {
                run.order().at(ordinal, () -> replay(sink, recorded));
            } else {
                run.order().later(ordinal, told -> restore(sink, recorded, told));
            }
        }
        run.earlyEnd().stepAsked();
    }

    /** Reads a result that is not on record as the codec wrote it, now that it is asked for. */
    private void restore(MonoSink<T> sink, PersistenceEnvelope recorded, Runnable told) {
        Payload payload = Objects.requireNonNull(recorded.payload());
        run.steps().hold();
        run.config()
                .payloads()
                .restored(run.traceId(), payload)
                .map(recorded::withPayload)
                .subscribe(
                        restored -> {
                            try {
                                replay(sink, restored);
                            } finally {
                                restored(told);
                            }
                        },
                        error -> {
                            run.halt(error);
                            restored(told);
                        });
    }

    private void restored(Runnable told) {
        told.run();
        run.restored();
    }

    private void enter(MonoSink<T> sink) {
        LiveStep<T> live = new LiveStep<>(this, sink);
        if (run.enter(live)) {
            latest = live;
            sink.onCancel(live::cancel);
            live.begin();
        }
    }

    /** The index of the first result on record that no subscription has signalled, or −1; a success is signalled for ever. */
    private int nextResult() {
        History.Node node = run.history().node(key);
        if (node != null) {
            for (int i = signalled; i < node.records().size(); i++) {
                PersistenceEnvelope record = node.records().get(i);
                if (History.isResult(record)) {
                    signalled = record.outcome() == Outcome.FAULT ? i + 1 : i;
                    return i;
                }
            }
        }
        return -1;
    }

    private void replay(MonoSink<T> sink, PersistenceEnvelope recorded) {
        run.tellRecorded(recorded, true);
        switch (recorded.outcome()) {
            case SUCCESS -> {
                try {
                    @SuppressWarnings("unchecked")
                    T value = (T) run.decode(key, recorded.payload(), type);
                    succeeded(value);
                    sink.success(value);
                } catch (PayloadCodecException misfit) {
                    run.halt(misfit);
                }
            }
            case FAULT -> sink.error(StepFailedException.recorded(run.traceId(), recorded));
            case SKIPPED, STARTED -> sink.success();
        }
    }

    /** A record is durable, whether anybody hears of it or not. */
    void recorded(Verdict<T> verdict) {
        if (verdict.outcome() == Outcome.SUCCESS) {
            succeeded(verdict.value());
        }
    }

    private void succeeded(@Nullable T value) {
        if (undo != null) {
            run.unwinding().register(key, value, undo);
        }
    }

    /** Signals what has just become durable. */
    void signal(MonoSink<T> sink, Verdict<T> verdict) {
        if (verdict.error() != null) {
            History.Node node = run.history().node(key);
            signalled = node == null ? 0 : node.records().size();
            sink.error(verdict.error());
        } else {
            sink.success(verdict.value());
        }
    }
}
