package io.reactivestore.engine;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the branches of a pipeline came to, for the function that {@linkplain Pipeline#parallel joins} them.
 *
 * <pre>{@code
 * Function<PipelineResults, Receipt> join = done -> new Receipt(done.get("laptop", Laptop.class).serial());
 * }</pre>
 */
public final class PipelineResults {

    private final Map<String, Optional<Object>> byBranch;

    PipelineResults(Map<String, Optional<Object>> byBranch) {
        this.byBranch = byBranch;
    }

    /**
     * Gives the result of a branch.
     *
     * @param branch the name of the branch
     * @param type the type of what it hands on
     * @param <V> the type of what it hands on
     * @return the result, or null if it was empty
     * @throws IllegalArgumentException if there is no such branch
     * @throws ClassCastException if the result is of another type
     */
    public <V> @Nullable V get(String branch, Class<V> type) {
        Optional<Object> result = byBranch.get(branch);
        if (result == null) {
            throw new IllegalArgumentException("no branch '" + branch + "', there are " + byBranch.keySet());
        }
        return result.map(type::cast).orElse(null);
    }
}
