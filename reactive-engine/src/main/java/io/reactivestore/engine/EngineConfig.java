package io.reactivestore.engine;

import io.reactivestore.PersistenceStore;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/** What an engine is made of. */
record EngineConfig(
        PersistenceStore store,
        PayloadCodec codec,
        Clock clock,
        Scheduler scheduler,
        Duration pollInterval,
        @Nullable Consumer<? super EngineEvent> listener) {

    /** Whether it is worth making an event. */
    boolean isListenedTo() {
        return listener != null;
    }

    /** What a listener throws must not reach the run. */
    void tell(EngineEvent event) {
        if (listener != null) {
            try {
                listener.accept(event);
            } catch (RuntimeException thrown) {
                Operators.onErrorDropped(thrown, Context.empty());
            }
        }
    }
}
