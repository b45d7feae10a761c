package io.reactivestore.catalog;

import io.reactivestore.internal.Check;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What describes a trace and may be changed at any time: names with values. The name {@value #SOURCE} is the source. They say
 * nothing about what the trace does; no rule of the journal asks for them.
 *
 * <pre>{@code
 * TraceTags tags = TraceTags.NONE.withSource("web").with("customer", "42");
 * }</pre>
 *
 * @param values each name, 1 to 255 characters, with its value, 1 to 255 characters; sorted by name, at most
 *     {@value #MAX_TAGS}
 */
public record TraceTags(Map<String, String> values) {

    /** The tag that holds where a trace comes from. */
    public static final String SOURCE = "source";

    /** The most tags one trace has. */
    public static final int MAX_TAGS = 100;

    /** No tags. */
    public static final TraceTags NONE = new TraceTags(Map.of());

    /**
     * Copies and checks the tags.
     *
     * @param values each name with its value
     * @throws IllegalArgumentException if a name or a value is not of that form, or there are too many
     */
    public TraceTags {
        TreeMap<String, String> sorted = new TreeMap<>();
        Check.present("tags", values).forEach((name, value) -> {
            sorted.put(
                    Check.name("a tag", name, Check.NAME_CHARS), Check.name("a tag's value", value, Check.NAME_CHARS));
        });
        Check.atMost("the number of tags", sorted.size(), MAX_TAGS);
        values = Collections.unmodifiableMap(sorted);
    }

    /**
     * Gives the source.
     *
     * @return the value of the tag {@value #SOURCE}, or null if there is none
     */
    public @Nullable String source() {
        return values.get(SOURCE);
    }

    /**
     * A copy with another source.
     *
     * @param source 1 to 255 characters
     * @return the copy
     * @throws IllegalArgumentException if the source is not of that form
     */
    public TraceTags withSource(String source) {
        return with(SOURCE, source);
    }

    /**
     * A copy in which a tag has this value.
     *
     * @param name 1 to 255 characters
     * @param value 1 to 255 characters
     * @return the copy
     * @throws IllegalArgumentException if one is not of that form, or there are too many
     */
    public TraceTags with(String name, String value) {
        Map<String, String> more = new TreeMap<>(values);
        more.put(Check.present("a tag", name), Check.present("a tag's value", value));
        return new TraceTags(more);
    }

    /**
     * A copy that lacks a tag.
     *
     * @param name the tag
     * @return the copy
     */
    public TraceTags without(String name) {
        Map<String, String> fewer = new TreeMap<>(values);
        fewer.remove(Check.present("a tag", name));
        return new TraceTags(fewer);
    }

    /** The names, but never the values, which may be about people. */
    @Override
    public String toString() {
        return "TraceTags" + values.keySet();
    }
}
