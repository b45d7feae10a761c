package io.reactivestore.engine;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Those who wait for the ends of traces, whichever engine brings them about. A trace nobody listens to costs nothing. */
final class Results {

    /** All listeners of one trace. */
    static final class Listeners {
        private final Sinks.One<Object> result = Sinks.one();
        private volatile @Nullable Workflow<?, ?> workflow;
        private int count;

        /** Says how a recorded result is to be read. */
        void expect(Workflow<?, ?> expected) {
            workflow = expected;
        }

        Mono<Object> result() {
            return result.asMono();
        }
    }

    private final Map<String, Listeners> byTrace = new ConcurrentHashMap<>();

    /** Begins to listen; to be closed once. */
    Listeners open(String traceId) {
        Listeners found = byTrace.compute(traceId, (id, known) -> {
            Listeners listeners = known == null ? new Listeners() : known;
            listeners.count++;
            return listeners;
        });
        return Objects.requireNonNull(found);
    }

    void close(String traceId, Listeners listeners) {
        byTrace.computeIfPresent(traceId, (id, known) -> known == listeners && --listeners.count == 0 ? null : known);
    }

    /** The workflow whose result they wait for, or null if nobody listens, or nobody yet knows. */
    @Nullable
    Workflow<?, ?> workflowOf(String traceId) {
        Listeners listeners = byTrace.get(traceId);
        return listeners == null ? null : listeners.workflow;
    }

    List<String> traces() {
        return List.copyOf(byTrace.keySet());
    }

    /** Who begins to listen from here on waits for the next end: that of another run of the id. */
    void tell(String traceId, @Nullable Object value, @Nullable Throwable error) {
        Listeners listeners = byTrace.remove(traceId);
        if (listeners != null) {
            if (error != null) {
                listeners.result.tryEmitError(error);
            } else if (value != null) {
                listeners.result.tryEmitValue(value);
            } else {
                listeners.result.tryEmitEmpty();
            }
        }
    }
}
