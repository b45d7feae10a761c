package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.Payload;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How traces of one version become traces of another. Without a word more everything on record is kept under its name. All names
 * but those of {@link #rename}'s second argument and of {@link #supply} are those of the old version; a name stands for its
 * repetitions as well. Several are chained: a trace of version 1 reaches version 3 by way of 2. Immutable: each call gives a new
 * object.
 *
 * <p>The functions must be pure: they are called for a dry run as well, and again if the trace moves on meanwhile. What they give
 * is written as the trace's new story, behind the old one, which stays in the journal.
 *
 * <pre>{@code
 * Migration toTwo = Migration.between("1", "2")
 *         .rename("charge", "payment/charge")
 *         .payload("charge", Order.class, Receipt.class, old -> new Receipt(old.id()))
 *         .drop("fraud-check")
 *         .supply("loyalty", Integer.class, 0)
 *         .restartFrom("ship");
 * WorkflowDefinition order = Workflow.named("order").version("2").migration(toTwo);
 * }</pre>
 */
public final class Migration {

    /** Makes a payload of the new version of one of the old. */
    @FunctionalInterface
    interface Mapper extends BiFunction<PayloadCodec, Payload, Payload> {}

    private record Parts(
            String from,
            String to,
            Map<String, Optional<String>> names,
            Map<String, Mapper> payloads,
            Map<String, Function<PayloadCodec, Payload>> supplied,
            boolean fromStart,
            @Nullable String restartFrom) {}

    private final Parts parts;

    private Migration(Parts parts) {
        this.parts = parts;
    }

    /**
     * A migration that keeps everything.
     *
     * @param from the old version
     * @param to the new version; the same for a pipeline that has changed its shape but not its version
     * @return the migration
     */
    public static Migration between(String from, String to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        return new Migration(new Parts(from, to, Map.of(), Map.of(), Map.of(), false, null));
    }

    /**
     * Renames a node, or all nodes of a scope.
     *
     * @param key the key of a node, or the path of a scope with a slash at its end
     * @param newKey its new key, or the new path with a slash at its end
     * @return the migration with it
     * @throws IllegalArgumentException if one is a scope and the other is not
     */
    public Migration rename(String key, String newKey) {
        if (key.endsWith("/") != newKey.endsWith("/")) {
            throw new IllegalArgumentException(
                    "'" + key + "' and '" + newKey + "' must both be scopes or both be nodes");
        }
        return withName(key, Optional.of(newKey));
    }

    /**
     * Forgets a node, or all nodes of a scope: what the new version asks for under that name is done.
     *
     * @param key the key of a node, or the path of a scope with a slash at its end
     * @return the migration with it
     */
    public Migration drop(String key) {
        return withName(key, Optional.empty());
    }

    private Migration withName(String key, Optional<String> newKey) {
        return with(put(parts.names, key, newKey), parts.payloads, parts.supplied);
    }

    /**
     * Changes the results of nodes.
     *
     * @param keys a key, or a pattern in which {@code *} stands for any characters
     * @param before the type of the old result
     * @param after the type of the new one
     * @param mapper makes the new one of the old one; not called for an empty result
     * @param <A> the type of the old result
     * @param <B> the type of the new one
     * @return the migration with it
     */
    public <A, B> Migration payload(
            String keys, Class<A> before, Class<B> after, Function<? super A, ? extends B> mapper) {
        return withPayload(keys, before, after, mapper);
    }

    /**
     * As {@link #payload(String, Class, Class, Function)}, for types with parameters.
     *
     * @param keys a key or pattern
     * @param before the type of the old result
     * @param after the type of the new one
     * @param mapper makes the new one of the old one
     * @param <A> the type of the old result
     * @param <B> the type of the new one
     * @return the migration with it
     */
    public <A, B> Migration payload(
            String keys, TypeReference<A> before, TypeReference<B> after, Function<? super A, ? extends B> mapper) {
        return withPayload(keys, before.getType(), after.getType(), mapper);
    }

    /**
     * Changes the results of nodes as they are stored.
     *
     * @param keys a key or pattern
     * @param mapper makes the new payload of the old one
     * @return the migration with it
     */
    public Migration payload(String keys, UnaryOperator<Payload> mapper) {
        Objects.requireNonNull(mapper, "mapper");
        return with(parts.names, put(parts.payloads, keys, (codec, payload) -> mapper.apply(payload)), parts.supplied);
    }

    /**
     * Changes the input.
     *
     * @param before the type of the old input
     * @param after the type of the new one
     * @param mapper makes the new one of the old one
     * @param <A> the type of the old input
     * @param <B> the type of the new one
     * @return the migration with it
     */
    public <A, B> Migration input(Class<A> before, Class<B> after, Function<? super A, ? extends B> mapper) {
        return withPayload(INPUT, before, after, mapper);
    }

    private <A, B> Migration withPayload(
            String keys, Type before, Type after, Function<? super A, ? extends B> mapper) {
        Objects.requireNonNull(mapper, "mapper");
        Mapper typed = (codec, payload) -> {
            @SuppressWarnings("unchecked")
            A old = (A) codec.decode(payload, before);
            return old == null ? payload : codec.encode(mapper.apply(old), after);
        };
        return with(parts.names, put(parts.payloads, keys, typed), parts.supplied);
    }

    /**
     * Counts a node of the new version as done, unless it is on record.
     *
     * @param key the key of the node in the new version
     * @param type the type of its result
     * @param result its result, or null
     * @param <B> the type of its result
     * @return the migration with it
     */
    public <B> Migration supply(String key, Class<B> type, @Nullable B result) {
        return with(parts.names, parts.payloads, put(parts.supplied, key, codec -> codec.encode(result, type)));
    }

    /**
     * Forgets a node and all that was begun after it, if it was begun; everything else is kept.
     *
     * @param key the key of a node
     * @return the migration with it
     */
    public Migration restartFrom(String key) {
        Objects.requireNonNull(key, "key");
        return new Migration(
                new Parts(parts.from, parts.to, parts.names, parts.payloads, parts.supplied, parts.fromStart, key));
    }

    /**
     * Forgets everything but the input.
     *
     * @return the migration with it
     */
    public Migration fromStart() {
        return new Migration(
                new Parts(parts.from, parts.to, parts.names, parts.payloads, parts.supplied, true, parts.restartFrom));
    }

    private Migration with(
            Map<String, Optional<String>> names,
            Map<String, Mapper> payloads,
            Map<String, Function<PayloadCodec, Payload>> supplied) {
        return new Migration(
                new Parts(parts.from, parts.to, names, payloads, supplied, parts.fromStart, parts.restartFrom));
    }

    private static <V> Map<String, V> put(Map<String, V> map, String key, V value) {
        Map<String, V> more = new LinkedHashMap<>(map);
        more.put(Objects.requireNonNull(key, "key"), value);
        return more;
    }

    /** Where the mapper of the input is kept; no step has this key. */
    private static final String INPUT = "$input";

    String from() {
        return parts.from;
    }

    String to() {
        return parts.to;
    }

    boolean isFromStart() {
        return parts.fromStart;
    }

    @Nullable
    String restartsFrom() {
        return parts.restartFrom;
    }

    Map<String, Function<PayloadCodec, Payload>> supplied() {
        return parts.supplied;
    }

    /** The new key of a node, or null if it is dropped. */
    @Nullable
    String keyOf(String key) {
        String base = base(key);
        for (Map.Entry<String, Optional<String>> name : parts.names.entrySet()) {
            String old = name.getKey();
            if (old.endsWith("/") ? key.startsWith(old) : old.equals(key) || old.equals(base)) {
                return name.getValue()
                        .map(next -> next + key.substring(old.length()))
                        .orElse(null);
            }
        }
        return key;
    }

    /** What changes the results of a node, or null. */
    @Nullable
    Mapper mapperOf(String key) {
        for (Map.Entry<String, Mapper> payload : parts.payloads.entrySet()) {
            if (!payload.getKey().equals(INPUT)
                    && (WorkflowTraits.pattern(payload.getKey()).test(key)
                            || WorkflowTraits.pattern(payload.getKey()).test(base(key)))) {
                return payload.getValue();
            }
        }
        return null;
    }

    /** What changes the input, or null. */
    @Nullable
    Mapper inputMapper() {
        return parts.payloads.get(INPUT);
    }

    /** A key without the number of its repetition. */
    static String base(String key) {
        int number = key.lastIndexOf('#');
        return number > key.lastIndexOf('/') ? key.substring(0, number) : key;
    }

    /** The versions, for people. */
    @Override
    public String toString() {
        return parts.from + " -> " + parts.to;
    }
}
