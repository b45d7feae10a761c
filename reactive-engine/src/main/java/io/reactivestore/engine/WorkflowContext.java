package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * What the code of a workflow holds on to: its trace, its steps, its waits.
 *
 * <p>A step is identified by its key: its name, with {@code #2}, {@code #3} ... for each further call with that name in the
 * trace. Calls of one name must come one after another; two live steps of one name stop the run with
 * {@link DuplicateStepException}. Names hold no {@code #} and no {@code /}.
 *
 * <p>The Monos signal on the thread of the step's function or of the store: move long work away with {@code publishOn}. Nothing
 * of the engine or the store is held while user code runs.
 *
 * <pre>{@code
 * Mono<Void> chargeAll(WorkflowContext ctx, List<Order> orders) {
 *     return Flux.fromIterable(orders)
 *             .flatMap(order -> ctx.step("charge-" + order.id(), Receipt.class, () -> payments.charge(order)), 8)
 *             .then();
 * }
 * }</pre>
 */
public final class WorkflowContext {

    private final Run run;
    private final StepKeys keys = new StepKeys();

    WorkflowContext(Run run) {
        this.run = run;
    }

    /**
     * Gives the trace.
     *
     * @return the id of the trace that runs
     */
    public String traceId() {
        return run.traceId();
    }

    /**
     * Does something once. On subscription: if a result is on record, the Mono emits it and the function is not called;
     * otherwise the function is called, its result is recorded, and then emitted. An empty result is a result. An error of
     * the function is recorded as a failed attempt and then signalled; subscribing again, also after a restart, is the next
     * attempt. Cancel cancels the function, or, once it has succeeded, lets the record be written unheard. Trouble of the
     * store stops the run; the Mono then signals nothing.
     *
     * @param name the name of the step, 1 to 900 characters
     * @param type the type of the result; {@code Void.class} for none
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(String name, Class<T> type, Supplier<? extends Mono<T>> function) {
        Objects.requireNonNull(function, "function");
        return call(name, type, attempt -> function.get());
    }

    /**
     * As {@link #step(String, Class, Supplier)}, for a result with type parameters.
     *
     * @param name the name of the step
     * @param type the type of the result, such as {@code new TypeReference<List<Order>>() {}}
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(String name, TypeReference<T> type, Supplier<? extends Mono<T>> function) {
        Objects.requireNonNull(function, "function");
        return call(name, type.getType(), attempt -> function.get());
    }

    /**
     * As {@link #step(String, Class, Supplier)}, for a function that wants the idempotency key.
     *
     * @param name the name of the step
     * @param type the type of the result
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(String name, Class<T> type, Function<StepContext, ? extends Mono<T>> function) {
        return call(name, type, function);
    }

    /**
     * As {@link #step(String, Class, Function)}, for a result with type parameters.
     *
     * @param name the name of the step
     * @param type the type of the result
     * @param function gives the Mono that does it
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable
     */
    public <T> Mono<T> step(String name, TypeReference<T> type, Function<StepContext, ? extends Mono<T>> function) {
        return call(name, type.getType(), function);
    }

    /**
     * Waits until somebody decides. On subscription: if a decision is on record it is emitted; otherwise the Mono stays silent
     * until an intervention of this node is there, saved through {@link DurableEngine#intervene} or by any other process. SUPPLY
     * emits the given payload, SKIP completes empty, FAIL signals {@link InterventionFailedException}. RERUN, and a payload that
     * is not of the type, stop the run with {@link InterventionRefusedException}; the trace stays open and waits again when
     * resumed. Of several pending decisions the first counts. Cancel leaves the decision for later.
     *
     * @param node the name of the node, 1 to 900 characters
     * @param type the type of the decision
     * @param <T> the type of the decision
     * @return a Mono that emits the decision once it is recorded as taken in
     */
    public <T> Mono<T> awaitIntervention(String node, Class<T> type) {
        return await(node, type);
    }

    /**
     * As {@link #awaitIntervention(String, Class)}, for a decision with type parameters.
     *
     * @param node the name of the node
     * @param type the type of the decision
     * @param <T> the type of the decision
     * @return a Mono that emits the decision once it is recorded as taken in
     */
    public <T> Mono<T> awaitIntervention(String node, TypeReference<T> type) {
        return await(node, type.getType());
    }

    private <T> Mono<T> call(String name, Type type, Function<StepContext, ? extends Mono<T>> function) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(function, "function");
        String key = keys.next(name);
        return new StepCall<T>(run, name, key, type, new FunctionSource<>(run, key, type, function)).mono();
    }

    private <T> Mono<T> await(String node, Type type) {
        Objects.requireNonNull(type, "type");
        String key = keys.next(node);
        return new StepCall<T>(run, node, key, type, new DecisionSource<>(run, key, type)).mono();
    }
}
