package io.reactivestore.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of the steps of one run. The key is given at the call and not at the subscription: the order of calls is that of the
 * code, so a step that is called but not subscribed to does not shift the keys of those behind it.
 */
final class StepKeys {

    /** Leaves room for the suffix in a node id of 1,000 characters. */
    private static final int NAME_CHARS = 900;

    private final Map<String, Integer> calls = new ConcurrentHashMap<>();

    String next(String name) {
        check(name);
        int call = calls.merge(name, 1, Integer::sum);
        return call == 1 ? name : name + "#" + call;
    }

    private static void check(String name) {
        if (name.isEmpty() || name.length() > NAME_CHARS) {
            throw new IllegalArgumentException(
                    "a step name must have 1 to " + NAME_CHARS + " characters, found " + name.length());
        }
        if (name.indexOf('#') >= 0 || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("step name '" + name
                    + "' holds '#' or '/', which tell repetitions and scopes apart: use '-' or ':'");
        }
    }
}
