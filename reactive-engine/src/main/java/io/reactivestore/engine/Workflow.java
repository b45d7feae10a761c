package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import java.lang.reflect.Type;
import java.time.Instant;
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

    private final WorkflowTraits traits;
    private final Type inputType;
    private final Type outputType;
    private final BiFunction<? super WorkflowContext, ? super I, ? extends Mono<O>> body;

    Workflow(
            WorkflowTraits traits,
            Type inputType,
            Type outputType,
            BiFunction<? super WorkflowContext, ? super I, ? extends Mono<O>> body) {
        this.traits = traits;
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
        return traits.name();
    }

    /**
     * Gives the version.
     *
     * @return the version, to which traces are pinned
     */
    public String version() {
        return traits.version();
    }

    WorkflowTraits traits() {
        return traits;
    }

    /** Whether it can run a trace, as far as the head tells. */
    boolean takes(TraceHead head) {
        return name().equals(head.workflow()) && traits.changes().bring(head.version(), version());
    }

    /** When a trace that was started then must have ended, or null. */
    @Nullable
    Instant deadline(Instant startedAt) {
        return traits.deadline() == null ? null : startedAt.plus(traits.deadline());
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
        return traits.name() + ":" + traits.version();
    }
}
