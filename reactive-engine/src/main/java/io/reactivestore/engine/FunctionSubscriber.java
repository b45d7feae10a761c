package io.reactivestore.engine;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Subscribes to a function in the context of its step and tells how it ended, once, unless it is disposed before. */
final class FunctionSubscriber<T> extends BaseSubscriber<T> {

    private final Context context;
    private final BiConsumer<@Nullable T, @Nullable Throwable> end;
    private @Nullable T value;

    FunctionSubscriber(ContextView context, BiConsumer<@Nullable T, @Nullable Throwable> end) {
        this.context = Context.of(context);
        this.end = end;
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        requestUnbounded();
    }

    @Override
    protected void hookOnNext(T next) {
        value = next;
    }

    @Override
    protected void hookOnComplete() {
        end.accept(value, null);
    }

    @Override
    protected void hookOnError(Throwable error) {
        end.accept(null, error);
    }
}
