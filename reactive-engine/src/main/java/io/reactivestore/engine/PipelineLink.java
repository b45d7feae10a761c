package io.reactivestore.engine;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One link of the chain that a pipeline is.
 *
 * @param name tells it from the other links of its chain
 * @param type of what it hands on, or null if it hands on what it was given
 * @param parts the chains inside it, by name, in their order
 */
record PipelineLink(
        String name, PipelineGraph.Kind kind, @Nullable Type type, Map<String, Pipeline<?, ?>> parts, Runner runner) {

    /** Hands a value on. An empty one is handed on like any other. */
    @FunctionalInterface
    interface Runner {
        Mono<Optional<Object>> run(WorkflowContext context, Optional<Object> value);
    }

    /** What a Mono emits, or that it emits nothing. */
    static Mono<Optional<Object>> held(Mono<?> mono) {
        return mono.<Optional<Object>>map(value -> Optional.of(value)).defaultIfEmpty(Optional.empty());
    }
}
