package io.reactivestore.engine;

import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A durable job: a name, a version, the types of its input and result, and the code. Immutable; one instance serves any number
 * of traces.
 *
 * <p>The code must be the same function of its input and its steps each time: read clocks, random numbers and other systems
 * inside steps only.
 *
 * <pre>{@code
 * Workflow<Order, Receipt> order = Workflow.named("order").version("2")
 *         .input(Order.class)
 *         .output(Receipt.class)
 *         .body((ctx, o) -> ctx.step("charge", Receipt.class, () -> payments.charge(o)));
 * }</pre>
 *
 * @param <I> the type of the input
 * @param <O> the type of the result
 */
public final class Workflow<I, O> {

    private final String name;
    private final String version;
    private final Type inputType;
    private final Type outputType;
    private final BiFunction<? super WorkflowContext, ? super I, ? extends Mono<O>> body;

    Workflow(
            String name,
            String version,
            Type inputType,
            Type outputType,
            BiFunction<? super WorkflowContext, ? super I, ? extends Mono<O>> body) {
        this.name = name;
        this.version = version;
        this.inputType = inputType;
        this.outputType = outputType;
        this.body = Objects.requireNonNull(body, "body");
    }

    /**
     * Begins a workflow of version {@value io.reactivestore.PersistenceEnvelope#FIRST_VERSION}.
     *
     * @param name identifies the workflow on record, 1 to 255 characters
     * @return the next part of the definition
     */
    public static WorkflowDefinition named(String name) {
        return new WorkflowDefinition(name);
    }

    /**
     * Gives the name.
     *
     * @return what identifies the workflow on record
     */
    public String name() {
        return name;
    }

    /**
     * Gives the version.
     *
     * @return the version, to which traces are pinned
     */
    public String version() {
        return version;
    }

    Type inputType() {
        return inputType;
    }

    Type outputType() {
        return outputType;
    }

    /** Runs the code once. The input was decoded as {@link #inputType}. */
    @SuppressWarnings("unchecked")
    Mono<O> invoke(WorkflowContext context, @Nullable Object input) {
        return body.apply(context, (I) input);
    }

    /** Gives a result the type it has: it came from {@link #invoke} or was decoded as {@link #outputType}. */
    @SuppressWarnings("unchecked")
    Mono<O> typed(Mono<Object> result) {
        return (Mono<O>) result;
    }

    /** Name and version, for people. */
    @Override
    public String toString() {
        return name + ":" + version;
    }
}
