package io.reactivestore.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of the steps of one scope of one run. The key is given at the call and not at the subscription: the order of calls is
 * that of the code, so a step that is called but not subscribed to does not shift the keys of those behind it.
 */
final class StepKeys {

    /** Leaves room for the suffix in a node id of 1,000 characters. */
    private static final int KEY_CHARS = 980;

    private static final int NAME_CHARS = 900;

    /** Before the name of a value that is told to those who watch. */
    static final String EMIT = "$emit:";

    private final String prefix;
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();

    /**
     * Begins a scope.
     *
     * @param prefix the path of the scope with a slash behind it, or nothing
     */
    StepKeys(String prefix) {
        this.prefix = prefix;
    }

    /** The path of a name: no two live steps have the same. */
    String path(String name) {
        return prefix + name;
    }

    /** The key of the next call of a name that a user gave. */
    String next(String name) {
        check(name);
        return nextOwn(name);
    }

    /** The key of the next call of a name of the engine's own. */
    String nextOwn(String name) {
        int call = calls.merge(name, 1, Integer::sum);
        String key = call == 1 ? prefix + name : prefix + name + "#" + call;
        if (key.length() > KEY_CHARS) {
            throw new IllegalArgumentException("the path of step '" + name + "' with its scopes has " + key.length()
                    + " characters, at most " + KEY_CHARS + " are allowed: use shorter names or fewer scopes");
        }
        return key;
    }

    /** Checks the name of an item, which may hold anything but what tells keys apart. */
    static String checkItem(String item) {
        check(item);
        return item;
    }

    private static void check(String name) {
        if (name.isEmpty() || name.length() > NAME_CHARS) {
            throw new IllegalArgumentException(
                    "a step name must have 1 to " + NAME_CHARS + " characters, found " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '#' || c == '/' || c == '$') {
                throw new IllegalArgumentException("step name '" + name
                        + "' holds '#', '/' or '$', which tell repetitions, scopes and the engine's own steps apart: use '-' or"
                        + " ':'");
            }
        }
    }
}
