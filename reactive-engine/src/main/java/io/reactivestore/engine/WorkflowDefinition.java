package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.CompletionState;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Predicate;
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

    final WorkflowTraits traits;

    WorkflowDefinition(String name) {
        this(WorkflowTraits.of(name));
    }

    private WorkflowDefinition(WorkflowTraits traits) {
        this.traits = traits;
    }

    /**
     * Sets the version. A trace is pinned to the version it was started with, unless
     * {@link #onChange} says otherwise.
     *
     * @param version 1 to 100 characters
     * @return the definition with it
     */
    public WorkflowDefinition version(String version) {
        return new WorkflowDefinition(traits.withVersion(version));
    }

    /**
     * Limits the time from start to end. A trace that exceeds it is taken back as after a failure and ends with TIMED_OUT, or
     * COMPENSATED if steps were taken back and all of them succeeded in that.
     *
     * @param deadline how long a trace may take, more than zero
     * @return the definition with it
     * @throws IllegalArgumentException if it is not
     */
    public WorkflowDefinition deadline(Duration deadline) {
        return new WorkflowDefinition(traits.withDeadline(deadline));
    }

    /**
     * Sets how often results are made durable. Default: {@link CheckpointPolicy#everyStep()}.
     *
     * @param checkpoints the policy
     * @return the definition with it
     */
    public WorkflowDefinition checkpoints(CheckpointPolicy checkpoints) {
        return new WorkflowDefinition(traits.withCheckpoints(checkpoints));
    }

    /**
     * Sets how steps are dealt with that name no policy themselves and meet no rule.
     *
     * @param policy attempts, limit and end
     * @return the definition with it
     */
    public WorkflowDefinition policy(StepPolicy policy) {
        return new WorkflowDefinition(traits.withPolicy(policy));
    }

    /**
     * Sets how steps with certain keys are dealt with that name no policy themselves. The first rule that a key meets counts.
     *
     * @param keys tells whether a key is meant
     * @param policy attempts, limit and end
     * @return the definition with it
     */
    public WorkflowDefinition policy(Predicate<String> keys, StepPolicy policy) {
        return new WorkflowDefinition(traits.withRule(keys, policy));
    }

    /**
     * As {@link #policy(Predicate, StepPolicy)}, for the keys that match a pattern.
     *
     * @param keys a key, or a pattern in which {@code *} stands for any characters, such as {@code "payments/*"}
     * @param policy attempts, limit and end
     * @return the definition with it
     */
    public WorkflowDefinition policy(String keys, StepPolicy policy) {
        return new WorkflowDefinition(traits.withRule(WorkflowTraits.pattern(keys), policy));
    }

    /**
     * Sets how the functions are dealt with that take steps back. Default: {@link StepPolicy#defaults()}.
     *
     * @param policy attempts, limit and end
     * @return the definition with it
     */
    public WorkflowDefinition compensationPolicy(StepPolicy policy) {
        return new WorkflowDefinition(traits.withCompensationPolicy(policy));
    }

    /**
     * Sets whether a trace is completed when its code has succeeded. Default: true. Otherwise it stays open behind its last step
     * until somebody completes or resumes it.
     *
     * @param autoComplete false to leave traces open
     * @return the definition with it
     */
    public WorkflowDefinition autoComplete(boolean autoComplete) {
        return new WorkflowDefinition(traits.withAutoComplete(autoComplete));
    }

    /**
     * Sets of which part of the traces the values are recorded that their code tells by {@link WorkflowContext#emit}; of the others
     * nobody hears them. Decided once for each trace, by its id, so it is the same after a restart and in every engine. Steps, waits
     * and ends are recorded in any case. Default: 1, of all.
     *
     * @param rate from 0, of none, to 1, of all
     * @return the definition with it
     * @throws IllegalArgumentException if it is not
     */
    public WorkflowDefinition sampleProgress(double rate) {
        return new WorkflowDefinition(traits.withProgressRate(rate));
    }

    /**
     * Sets what becomes of traces that fail. Default: {@link DeadLetterPolicy#send()}.
     *
     * @param policy drop, send, or retry and then send
     * @return the definition with it
     */
    public WorkflowDefinition deadLetters(DeadLetterPolicy policy) {
        return new WorkflowDefinition(traits.withEnds(traits.ends().with(policy)));
    }

    /**
     * Tells an endpoint how traces end: a delivery is written in the same commit as the end, and sent by a
     * {@link io.reactivestore.engine.webhook.WebhookDispatcher} that knows the endpoint, in this process or another. Needs a store
     * with the facet WEBHOOKS.
     *
     * @param endpoint the name of the endpoint, 1 to 255 characters
     * @param states of traces that end in one of these states; without any, of all
     * @return the definition with it
     */
    public WorkflowDefinition webhook(String endpoint, CompletionState... states) {
        return new WorkflowDefinition(traits.withEnds(traits.ends().with(EndPolicy.Told.of(endpoint, states))));
    }

    /**
     * Sets what becomes of traces that were started with other code. Default: {@link ChangePolicy#PINNED}.
     *
     * @param policy go on, refuse or migrate
     * @return the definition with it
     */
    public WorkflowDefinition onChange(ChangePolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return new WorkflowDefinition(traits.withChanges(traits.changes().withPolicy(policy)));
    }

    /**
     * Adds a way to make traces of one version traces of another, and sets {@link ChangePolicy#MIGRATE}. Several are chained, if
     * that is needed to reach the version of this workflow.
     *
     * @param migration the way
     * @return the definition with it
     */
    public WorkflowDefinition migration(Migration migration) {
        Objects.requireNonNull(migration, "migration");
        return new WorkflowDefinition(traits.withChanges(traits.changes().withMigration(migration)));
    }

    /**
     * Declares nodes, so that somebody may decide about them before they are reached.
     *
     * @param nodes keys of steps and waits
     * @return the definition with them
     */
    public WorkflowDefinition nodes(String... nodes) {
        return new WorkflowDefinition(traits.withNodes(nodes));
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

        final WorkflowDefinition definition;
        final Type inputType;

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
            return new Workflow<>(input.definition.traits, input.inputType, outputType, body);
        }
    }
}
