package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.engine.PipelineGraph.Kind;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A workflow as a chain: each link is given what the one before it hands on. It is made of the same steps as any other workflow,
 * but its shape is known before it runs: it can be {@linkplain #graph drawn}, somebody can decide about nodes that are yet to be
 * reached, and a trace knows whether the shape has changed since it started. Immutable: each call gives a new object.
 *
 * <p>A link that comes to nothing, as one without result does and one that is skipped, hands null on. A step that somebody runs
 * again with a payload (RERUN) is given that payload instead of what the link before it handed on.
 *
 * <pre>{@code
 * Workflow<Employee, Laptop> onboarding = Pipeline.named("onboarding", Employee.class)
 *         .thenWithRetry("create-account", Account.class, RetryPolicy.fixed(3, Duration.ofSeconds(1)),
 *                 hired -> accounts.create(hired))
 *         .await("manager-approval", Approval.class, (account, approval) -> account)
 *         .then("laptop", Laptop.class, account -> it.order(account))
 *         .build();
 * }</pre>
 *
 * @param <I> the type of the input
 * @param <T> the type of what the last link hands on
 */
public final class Pipeline<I, T> {

    private final WorkflowDefinition.@Nullable WithInput<I> definition;
    private final Type type;
    private final List<PipelineLink> links;

    private Pipeline(WorkflowDefinition.@Nullable WithInput<I> definition, Type type, List<PipelineLink> links) {
        this.definition = definition;
        this.type = type;
        this.links = links;
    }

    /**
     * Begins a pipeline with the traits that a workflow has by default.
     *
     * @param name identifies the workflow on record, 1 to 255 characters
     * @param input the type of the input
     * @param <I> the type of the input
     * @return a pipeline without links
     */
    public static <I> Pipeline<I, I> named(String name, Class<I> input) {
        return of(Workflow.named(name).input(input));
    }

    /**
     * Begins a pipeline with traits of its own, such as {@code Workflow.named("order").version("2").input(Order.class)}.
     *
     * @param definition all that is to be said of the workflow beside its chain
     * @param <I> the type of the input
     * @return a pipeline without links
     */
    public static <I> Pipeline<I, I> of(WorkflowDefinition.WithInput<I> definition) {
        return new Pipeline<>(definition, definition.inputType, List.of());
    }

    /**
     * Adds a step.
     *
     * @param name the name of the step, 1 to 900 characters
     * @param result the type of the result; {@code Void.class} for none
     * @param function gives the Mono that does it
     * @param <R> the type of the result
     * @return the pipeline with it
     * @throws IllegalArgumentException if there is a link of that name, or a step could not have it
     */
    public <R> Pipeline<I, R> then(String name, Class<R> result, Function<? super T, ? extends Mono<R>> function) {
        return then(StepOptions.of(name, result), function);
    }

    /**
     * As {@link #then(String, Class, Function)}, for a result with type parameters.
     *
     * @param name the name of the step
     * @param result the type of the result
     * @param function gives the Mono that does it
     * @param <R> the type of the result
     * @return the pipeline with it
     */
    public <R> Pipeline<I, R> then(
            String name, TypeReference<R> result, Function<? super T, ? extends Mono<R>> function) {
        return then(StepOptions.of(name, result), function);
    }

    /**
     * As {@link #then(String, Class, Function)}, with a number of attempts.
     *
     * @param name the name of the step
     * @param result the type of the result
     * @param retry the attempts
     * @param function gives the Mono that does it
     * @param <R> the type of the result
     * @return the pipeline with it
     */
    public <R> Pipeline<I, R> thenWithRetry(
            String name, Class<R> result, RetryPolicy retry, Function<? super T, ? extends Mono<R>> function) {
        return then(StepOptions.of(name, result).retry(retry), function);
    }

    /**
     * As {@link #then(String, Class, Function)}, with a limit of time.
     *
     * @param name the name of the step
     * @param result the type of the result
     * @param timeout how long one attempt may take, more than zero
     * @param function gives the Mono that does it
     * @param <R> the type of the result
     * @return the pipeline with it
     */
    public <R> Pipeline<I, R> thenWithTimeout(
            String name, Class<R> result, Duration timeout, Function<? super T, ? extends Mono<R>> function) {
        return then(StepOptions.of(name, result).timeout(timeout), function);
    }

    /**
     * As {@link #then(String, Class, Function)}, with fallback, compensation and more.
     *
     * @param step the step
     * @param function gives the Mono that does it
     * @param <R> the type of the result
     * @return the pipeline with it
     */
    public <R> Pipeline<I, R> then(StepOptions<R> step, Function<? super T, ? extends Mono<R>> function) {
        Objects.requireNonNull(function, "function");
        return then(step, (value, attempt) -> function.apply(value));
    }

    /**
     * As {@link #then(StepOptions, Function)}, for a function that wants the idempotency key.
     *
     * @param step the step
     * @param function gives the Mono that does it
     * @param <R> the type of the result
     * @return the pipeline with it
     */
    public <R> Pipeline<I, R> then(
            StepOptions<R> step, BiFunction<? super T, ? super StepContext, ? extends Mono<R>> function) {
        Objects.requireNonNull(function, "function");
        PipelineLink.Runner runner = (ctx, value) ->
                PipelineLink.held(ctx.step(step, attempt -> function.apply(given(attempt, value), attempt)));
        return with(new PipelineLink(step.name(), Kind.STEP, step.type(), Map.of(), runner), step.type());
    }

    /**
     * Adds a choice between chains. The choice is a step of its own, whose result is the name of the case: somebody can make it
     * beforehand, and a restart does not make it again. The steps of a case have keys such as {@code payment/real/charge}.
     *
     * @param name the name of the choice, 1 to 900 characters
     * @param result the type of what every case hands on
     * @param cases adds the cases
     * @param <R> the type of what every case hands on
     * @return the pipeline with it
     * @throws IllegalArgumentException if there is a link of that name, or no case for what meets no condition
     */
    public <R> Pipeline<I, R> branch(String name, Class<R> result, UnaryOperator<PipelineCases<T, R>> cases) {
        PipelineCases<T, R> all = cases.apply(new PipelineCases<>(name, type));
        Map<String, Pipeline<?, ?>> parts = all.parts();
        StepOptions<String> choice = StepOptions.of(name, String.class);
        PipelineLink.Runner runner =
                (ctx, value) -> ctx.step(choice, attempt -> Mono.fromCallable(() -> all.choose(given(attempt, value))))
                        .flatMap(chosen -> {
                            Pipeline<?, ?> part = parts.get(chosen);
                            return part == null
                                    ? ctx.stop(new UnknownCaseException(ctx.traceId(), ctx.keyOf(name), parts.keySet()))
                                    : part.run(ctx.inside(name + "/" + chosen), value);
                        })
                        .defaultIfEmpty(Optional.empty());
        return with(new PipelineLink(name, Kind.CHOICE, result, parts, runner), result);
    }

    /**
     * Adds chains that run side by side, each on the same value, and are joined when all have come to their end. The steps of a
     * branch have keys such as {@code prepare/laptop/order}.
     *
     * @param name names the scope of the branches, 1 to 900 characters
     * @param result the type of what is handed on
     * @param branches adds the branches
     * @param join makes one value of the results; a pure function, as it is called again after a restart
     * @param <R> the type of what is handed on
     * @return the pipeline with it
     * @throws IllegalArgumentException if there is a link of that name, or no branch
     */
    public <R> Pipeline<I, R> parallel(
            String name,
            Class<R> result,
            UnaryOperator<PipelineBranches<T>> branches,
            Function<? super PipelineResults, ? extends R> join) {
        Objects.requireNonNull(join, "join");
        Map<String, Pipeline<?, ?>> parts =
                branches.apply(new PipelineBranches<>(name, type)).parts();
        List<String> names = List.copyOf(parts.keySet());
        PipelineLink.Runner runner = (ctx, value) -> {
            List<Mono<Optional<Object>>> all = new ArrayList<>();
            parts.forEach((branch, part) -> all.add(part.run(ctx.inside(name + "/" + branch), value)));
            return Mono.zip(all, ends -> Optional.ofNullable(join.apply(results(names, ends))));
        };
        return with(new PipelineLink(name, Kind.FORK, result, parts, runner), result);
    }

    private static PipelineResults results(List<String> names, Object[] ends) {
        Map<String, Optional<Object>> byBranch = new LinkedHashMap<>();
        for (int i = 0; i < ends.length; i++) {
            @SuppressWarnings("unchecked")
            Optional<Object> end = (Optional<Object>) ends[i];
            byBranch.put(names.get(i), end);
        }
        return new PipelineResults(byBranch);
    }

    /**
     * Adds a wait for a decision, which is handed on.
     *
     * @param node the name of the node, 1 to 900 characters
     * @param decision the type of the decision
     * @param <R> the type of the decision
     * @return the pipeline with it
     * @throws IllegalArgumentException if there is a link of that name, or a step could not have it
     */
    public <R> Pipeline<I, R> await(String node, Class<R> decision) {
        return with(
                waiting(node, decision, (ctx, value) -> PipelineLink.held(ctx.awaitIntervention(node, decision))),
                decision);
    }

    /**
     * As {@link #await(String, Class)}, for a time.
     *
     * @param node the name of the node
     * @param decision the type of the decision
     * @param timeout how long to wait, not negative
     * @param otherwise the decision to take then
     * @param <R> the type of the decision
     * @return the pipeline with it
     */
    public <R> Pipeline<I, R> await(String node, Class<R> decision, Duration timeout, R otherwise) {
        return with(
                waiting(
                        node,
                        decision,
                        (ctx, value) -> PipelineLink.held(ctx.awaitIntervention(node, decision, timeout, otherwise))),
                decision);
    }

    /**
     * As {@link #await(String, Class)}, but what was there before is handed on, with the decision taken in. If the decision is to
     * skip the node, it is handed on as it is.
     *
     * @param node the name of the node
     * @param decision the type of the decision
     * @param takeIn makes a value of the one that was there and the decision; a pure function, as it is called again after a
     *     restart
     * @param <D> the type of the decision
     * @return the pipeline with it
     */
    public <D> Pipeline<I, T> await(
            String node, Class<D> decision, BiFunction<? super T, ? super D, ? extends T> takeIn) {
        Objects.requireNonNull(takeIn, "takeIn");
        PipelineLink.Runner runner = (ctx, value) -> ctx.awaitIntervention(node, decision)
                .<Optional<Object>>map(decided -> Optional.ofNullable(takeIn.apply(typed(value.orElse(null)), decided)))
                .defaultIfEmpty(value);
        return with(waiting(node, decision, runner), type);
    }

    private static PipelineLink waiting(String node, Type decision, PipelineLink.Runner runner) {
        return new PipelineLink(node, Kind.WAIT, decision, Map.of(), runner);
    }

    /**
     * Adds a wait for a time. What was there before is handed on.
     *
     * @param name the name of the step, 1 to 900 characters
     * @param duration how long, not negative
     * @return the pipeline with it
     * @throws IllegalArgumentException if there is a link of that name, or a step could not have it
     */
    public Pipeline<I, T> sleep(String name, Duration duration) {
        PipelineLink.Runner runner = (ctx, value) -> ctx.sleep(name, duration).thenReturn(value);
        return with(new PipelineLink(name, Kind.SLEEP, null, Map.of(), runner), type);
    }

    private <R> Pipeline<I, R> with(PipelineLink link, Type next) {
        StepKeys.checkItem(link.name());
        if (links.stream().anyMatch(other -> other.name().equals(link.name()))) {
            throw new IllegalArgumentException("two links of one chain have the name '" + link.name() + "'");
        }
        List<PipelineLink> all = new ArrayList<>(links);
        all.add(link);
        return new Pipeline<>(definition, next, List.copyOf(all));
    }

    /** Adds a chain that begins with what a link is given. */
    static <T> Map<String, Pipeline<?, ?>> withPart(
            String link,
            Type type,
            Map<String, Pipeline<?, ?>> parts,
            String name,
            Function<Pipeline<T, T>, ? extends Pipeline<T, ?>> part) {
        StepKeys.checkItem(name);
        Map<String, Pipeline<?, ?>> all = new LinkedHashMap<>(parts);
        if (all.put(name, part.apply(new Pipeline<>(null, type, List.of()))) != null) {
            throw new IllegalArgumentException("two parts of '" + link + "' have the name '" + name + "'");
        }
        return Collections.unmodifiableMap(all);
    }

    /**
     * Gives the shape of the pipeline.
     *
     * @return its nodes and edges
     * @throws IllegalStateException if this is a part of a pipeline
     */
    public PipelineGraph graph() {
        return PipelineDrawing.of(whole().inputType, links, type);
    }

    /**
     * Makes the workflow. All its nodes are {@linkplain WorkflowDefinition#nodes declared}; its graph and the
     * {@linkplain PipelineGraph#hash hash} of that are recorded with each trace.
     *
     * @return the workflow
     * @throws IllegalStateException if this is a part of a pipeline
     * @throws IllegalArgumentException if the key of a node is longer than a store can keep
     */
    public Workflow<I, T> build() {
        WorkflowDefinition.WithInput<I> whole = whole();
        PipelineGraph graph = graph();
        WorkflowTraits traits = whole.definition.traits;
        String[] keys = graph.nodes().stream()
                .filter(node -> node.kind().isRecorded())
                .map(node -> checked(traits.name(), node.key()))
                .toArray(String[]::new);
        return new Workflow<>(
                traits.withNodes(keys).withShape(Shape.of(graph)),
                whole.inputType,
                type,
                (ctx, input) ->
                        run(ctx, Optional.of(input)).flatMap(end -> Mono.justOrEmpty(end.<T>map(Pipeline::typed))));
    }

    private WorkflowDefinition.WithInput<I> whole() {
        if (definition == null) {
            throw new IllegalStateException("a part is built with the pipeline that it is a part of");
        }
        return definition;
    }

    private static String checked(String workflow, String key) {
        // the record knows what a store can keep
        return PersistenceEnvelope.of("any", workflow, 1, key, Outcome.SUCCESS, Instant.EPOCH)
                .nodeId();
    }

    List<PipelineLink> links() {
        return links;
    }

    private Mono<Optional<Object>> run(WorkflowContext context, Optional<Object> input) {
        Mono<Optional<Object>> chain = Mono.just(input);
        for (PipelineLink link : links) {
            chain = chain.flatMap(value -> link.runner().run(context, value));
        }
        return chain;
    }

    /** What a step is to work on. */
    private T given(StepContext attempt, Optional<Object> handedOn) {
        Object decided = attempt.newInput(type);
        return typed(decided == null ? handedOn.orElse(null) : decided);
    }

    /** The chain is typed where it is put together. A null is there for what came to nothing. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private static <V> V typed(@Nullable Object value) {
        return (V) value;
    }
}
