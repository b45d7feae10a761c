package io.reactivestore.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/** Those who are told what an engine does: its listener, on the spot, and subscribers, each behind a buffer of its own. */
final class EngineEvents {

    static final int BUFFER = 1_024;

    /** What the buffer has no room for is counted, and the count told as soon as a good part of the buffer is free again. */
    private record Live(FluxSink<EngineEvent> sink, AtomicLong missed) {

        void tell(EngineEvent event) {
            if (sink.requestedFromDownstream() == 0) {
                missed.incrementAndGet();
            } else {
                tellMissed();
                sink.next(event);
            }
        }

        void tellMissed() {
            long count = missed.getAndSet(0);
            if (count > 0) {
                sink.next(new EngineEvent.Missed("", count));
            }
        }

        void end() {
            tellMissed();
            sink.complete();
        }
    }

    private final @Nullable Consumer<? super EngineEvent> listener;
    private final Scheduler scheduler;
    private final Set<Live> subscribers = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /**
     * Makes it.
     *
     * @param scheduler where subscribers are told, so that the engine does not wait for them
     */
    EngineEvents(@Nullable Consumer<? super EngineEvent> listener, Scheduler scheduler) {
        this.listener = listener;
        this.scheduler = scheduler;
    }

    /** Whether it is worth making an event. */
    boolean isListenedTo() {
        return listener != null || !subscribers.isEmpty();
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
        subscribers.forEach(live -> live.tell(event));
    }

    Flux<EngineEvent> live() {
        return Flux.<EngineEvent>create(this::subscribed).publishOn(scheduler, BUFFER);
    }

    private void subscribed(FluxSink<EngineEvent> sink) {
        Live live = new Live(sink, new AtomicLong());
        subscribers.add(live);
        sink.onRequest(more -> live.tellMissed());
        sink.onDispose(() -> subscribers.remove(live));
        if (ended) {
            // behind the add: end() either sees the subscriber or is seen here
            live.end();
        }
    }

    /** Nothing more will be told. */
    void end() {
        ended = true;
        subscribers.forEach(Live::end);
    }
}
