package io.reactivestore.engine;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.function.Function;

/**
 * The branches of a pipeline that run {@linkplain Pipeline#parallel side by side}, each on the same value. Immutable: each call
 * gives a new object.
 *
 * <pre>{@code
 * UnaryOperator<PipelineBranches<Account>> equipment = branches -> branches
 *         .with("laptop", chain -> chain.then("order", Laptop.class, account -> it.order(account)))
 *         .with("access", chain -> chain.then("grant", Access.class, account -> iam.grant(account)));
 * Pipeline<Account, Receipt> equip = Pipeline.named("equip", Account.class)
 *         .parallel("prepare", Receipt.class, equipment,
 *                 done -> new Receipt(done.get("laptop", Laptop.class).serial()));
 * }</pre>
 *
 * @param <T> the type of what each branch is given
 */
public final class PipelineBranches<T> {

    private final String name;
    private final Type type;
    private final Map<String, Pipeline<?, ?>> parts;

    PipelineBranches(String name, Type type) {
        this(name, type, Map.of());
    }

    private PipelineBranches(String name, Type type, Map<String, Pipeline<?, ?>> parts) {
        this.name = name;
        this.type = type;
        this.parts = parts;
    }

    /**
     * Adds a branch.
     *
     * @param branch its name; the steps of the branch have it in their keys
     * @param part what is done
     * @return the branches with it
     * @throws IllegalArgumentException if there is one of that name, or a step could not have that name
     */
    public PipelineBranches<T> with(String branch, Function<Pipeline<T, T>, ? extends Pipeline<T, ?>> part) {
        return new PipelineBranches<>(name, type, Pipeline.withPart(name, type, parts, branch, part));
    }

    Map<String, Pipeline<?, ?>> parts() {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' has no branches");
        }
        return parts;
    }
}
