package io.reactivestore.engine;

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The cases of a {@linkplain Pipeline#branch branch}. The first one whose condition holds is chosen; which one that was is on
 * record. Immutable: each call gives a new object.
 *
 * <pre>{@code
 * UnaryOperator<PipelineCases<Order, Receipt>> payment = cases -> cases
 *         .when("test", placed -> placed.id().startsWith("test"), chain -> chain
 *                 .then("pretend", Receipt.class, placed -> Mono.just(new Receipt("none"))))
 *         .otherwise("real", chain -> chain
 *                 .then("charge", Receipt.class, placed -> payments.charge(placed)));
 * Workflow<Order, Receipt> order =
 *         Pipeline.named("order", Order.class).branch("payment", Receipt.class, payment).build();
 * }</pre>
 *
 * @param <T> the type of what is decided about
 * @param <R> the type of what each case hands on
 */
public final class PipelineCases<T, R> {

    private final String name;
    private final Type type;
    private final Map<String, Predicate<? super T>> conditions;
    private final Map<String, Pipeline<?, ?>> parts;
    private final boolean complete;

    PipelineCases(String name, Type type) {
        this(name, type, Map.of(), Map.of(), false);
    }

    private PipelineCases(
            String name,
            Type type,
            Map<String, Predicate<? super T>> conditions,
            Map<String, Pipeline<?, ?>> parts,
            boolean complete) {
        this.name = name;
        this.type = type;
        this.conditions = conditions;
        this.parts = parts;
        this.complete = complete;
    }

    /**
     * Adds a case.
     *
     * @param caseName what is recorded if it is chosen; the steps of the case have it in their keys
     * @param condition tells whether it is this case; asked once, when the choice is made
     * @param part what is done then
     * @return the cases with it
     * @throws IllegalArgumentException if there is one of that name, or {@link #otherwise} was called, or a step could not have
     *     that name
     */
    public PipelineCases<T, R> when(
            String caseName,
            Predicate<? super T> condition,
            Function<Pipeline<T, T>, ? extends Pipeline<T, ? extends R>> part) {
        return with(caseName, Objects.requireNonNull(condition, "condition"), part, false);
    }

    /**
     * Adds the case that is chosen if no condition holds. To be called last, and once.
     *
     * @param caseName what is recorded if it is chosen
     * @param part what is done then
     * @return the cases with it
     * @throws IllegalArgumentException as {@link #when}
     */
    public PipelineCases<T, R> otherwise(
            String caseName, Function<Pipeline<T, T>, ? extends Pipeline<T, ? extends R>> part) {
        return with(caseName, value -> true, part, true);
    }

    private PipelineCases<T, R> with(
            String caseName,
            Predicate<? super T> condition,
            Function<Pipeline<T, T>, ? extends Pipeline<T, ? extends R>> part,
            boolean last) {
        if (complete) {
            throw new IllegalArgumentException("case '" + caseName + "' of branch '" + name + "' is never reached");
        }
        Map<String, Predicate<? super T>> all = new LinkedHashMap<>(conditions);
        all.put(caseName, condition);
        return new PipelineCases<>(name, type, all, Pipeline.withPart(name, type, parts, caseName, part), last);
    }

    /** The chains by case. */
    Map<String, Pipeline<?, ?>> parts() {
        if (!complete) {
            throw new IllegalArgumentException("branch '" + name + "' does not say what to do otherwise");
        }
        return parts;
    }

    String choose(T value) {
        for (Map.Entry<String, Predicate<? super T>> condition : conditions.entrySet()) {
            if (condition.getValue().test(value)) {
                return condition.getKey();
            }
        }
        throw new IllegalStateException("the last case takes all");
    }
}
