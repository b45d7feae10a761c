package io.reactivestore.engine;

import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Java types as Jackson sees them. */
final class Types {

    private Types() {}

    static Type listOf(Class<?> element) {
        return TypeFactory.defaultInstance().constructCollectionType(List.class, element);
    }

    /** The name of a type, with its parameters. */
    static String nameOf(Type type) {
        return TypeFactory.defaultInstance().constructType(type).toCanonical();
    }

    /** The type of a name, or null if this process does not know it. */
    static @Nullable Type named(String name) {
        try {
            return TypeFactory.defaultInstance().constructFromCanonical(name);
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }
}
