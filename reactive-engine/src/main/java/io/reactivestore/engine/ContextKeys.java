package io.reactivestore.engine;

import io.reactivestore.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The values of the caller's Reactor Context that are recorded with a trace, so that they are there after a restart. */
final class ContextKeys {

    private ContextKeys() {}

    static Map<String, String> capture(EngineConfig config, ContextView context) {
        if (config.contextKeys().isEmpty()) {
            return Map.of();
        }
        Map<String, String> captured = new TreeMap<>();
        config.contextKeys().forEach((key, type) -> {
            Object value = context.getOrDefault(key, null);
            if (value != null) {
                captured.put(key, text(JsonCodec.INSTANCE.encode(value, type)));
            }
        });
        return captured;
    }

    private static String text(Payload payload) {
        return new String(payload.toByteArray(), StandardCharsets.UTF_8);
    }

    /** What was recorded, under what the subscriber brings. */
    static ContextView restore(EngineConfig config, TraceMeta meta, ContextView subscriber) {
        if (meta.context().isEmpty()) {
            return subscriber;
        }
        Context restored = Context.empty();
        for (Map.Entry<String, String> entry : meta.context().entrySet()) {
            Class<?> type = config.contextKeys().get(entry.getKey());
            Object value = type == null ? null : JsonCodec.INSTANCE.decode(Payload.json(entry.getValue()), type);
            if (value != null) {
                restored = restored.put(entry.getKey(), value);
            }
        }
        return restored.putAll(subscriber);
    }
}
