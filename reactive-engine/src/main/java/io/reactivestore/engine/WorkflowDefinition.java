package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/**
 * The parts of a {@link Workflow}, asked for one after another. Immutable: each call gives a new object.
 *
 * <pre>{@code
 * WorkflowDefinition orders = Workflow.named("orders").version("2");
 * Workflow<List<Order>, Void> each = orders.input(new TypeReference<List<Order>>() {})
 *         .output(Void.class)
 *         .body((ctx, all) -> Flux.fromIterable(all)
 *                 .concatMap(order -> ctx.step("charge", Receipt.class, () -> payments.charge(order)))
 *                 .then());
 * }</pre>
 */
public final class WorkflowDefinition {

    private final String name;
    private final String version;

    WorkflowDefinition(String name) {
        this(name, PersistenceEnvelope.FIRST_VERSION);
    }

    private WorkflowDefinition(String name, String version) {
        // the record knows what a store can keep
        PersistenceEnvelope.of("any", name, 0, History.START, Outcome.SUCCESS, Instant.EPOCH)
                .withVersion(version);
        this.name = name;
        this.version = version;
    }

    /**
     * Sets the version. A trace is pinned to the version it was started with.
     *
     * @param version 1 to 100 characters
     * @return the definition with it
     */
    public WorkflowDefinition version(String version) {
        return new WorkflowDefinition(name, version);
    }

    /**
     * Sets the type of the input.
     *
     * @param type a class without type parameters
     * @param <I> the type
     * @return the next part of the definition
     */
    public <I> WithInput<I> input(Class<I> type) {
        return new WithInput<>(this, type);
    }

    /**
     * Sets the type of the input.
     *
     * @param type a type with parameters, such as {@code new TypeReference<List<Order>>() {}}
     * @param <I> the type
     * @return the next part of the definition
     */
    public <I> WithInput<I> input(TypeReference<I> type) {
        return new WithInput<>(this, type.getType());
    }

    /**
     * A definition that knows its input.
     *
     * @param <I> the type of the input
     */
    public static final class WithInput<I> {

        private final WorkflowDefinition definition;
        private final Type inputType;

        private WithInput(WorkflowDefinition definition, Type inputType) {
            this.definition = definition;
            this.inputType = Objects.requireNonNull(inputType, "input");
        }

        /**
         * Sets the type of the result.
         *
         * @param type a class without type parameters; {@code Void.class} for a workflow without a result
         * @param <O> the type
         * @return the last part of the definition
         */
        public <O> WithOutput<I, O> output(Class<O> type) {
            return new WithOutput<>(this, type);
        }

        /**
         * Sets the type of the result.
         *
         * @param type a type with parameters
         * @param <O> the type
         * @return the last part of the definition
         */
        public <O> WithOutput<I, O> output(TypeReference<O> type) {
            return new WithOutput<>(this, type.getType());
        }
    }

    /**
     * A definition that lacks only the code.
     *
     * @param <I> the type of the input
     * @param <O> the type of the result
     */
    public static final class WithOutput<I, O> {

        private final WithInput<I> input;
        private final Type outputType;

        private WithOutput(WithInput<I> input, Type outputType) {
            this.input = input;
            this.outputType = Objects.requireNonNull(outputType, "output");
        }

        /**
         * Sets the code.
         *
         * @param body called once per run, and again each time a trace is taken up again; gives the Mono to subscribe to
         * @return the workflow
         */
        public Workflow<I, O> body(BiFunction<? super WorkflowContext, ? super I, ? extends Mono<O>> body) {
            return new Workflow<>(input.definition.name, input.definition.version, input.inputType, outputType, body);
        }
    }
}
