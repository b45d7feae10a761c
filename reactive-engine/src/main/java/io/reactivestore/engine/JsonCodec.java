package io.reactivestore.engine;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import io.reactivestore.Payload;
import java.io.IOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** JSON with pinned settings. Jackson's messages quote the data, so neither they nor the exceptions themselves are passed on. */
final class JsonCodec implements PayloadCodec {

    static final JsonCodec INSTANCE = new JsonCodec();

    /** More than any code has; a writer and a reader know what they found out about their type. */
    private static final int MAX_TYPES = 1_000;

    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .addModule(new ParameterNamesModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .deactivateDefaultTyping()
            .build();

    private final LRUMap<Type, ObjectWriter> writers = new LRUMap<>(16, MAX_TYPES);
    private final LRUMap<Type, ObjectReader> readers = new LRUMap<>(16, MAX_TYPES);

    private JsonCodec() {}

    @Override
    public Payload encode(@Nullable Object value, Type type) {
        try {
            return Payload.owning(writer(type).writeValueAsBytes(value), Payload.JSON);
        } catch (IOException | RuntimeException e) {
            throw new PayloadCodecException("A value cannot be written as " + type.getTypeName() + where(e)
                    + ". Use a type that Jackson can write without annotations on other types, such as a record.");
        }
    }

    @Override
    public @Nullable Object decode(Payload payload, Type type) {
        if (!payload.mediaType().equals(Payload.JSON)) {
            throw new PayloadCodecException("A payload of media type " + payload.mediaType()
                    + " cannot be read as JSON. Use the codec that wrote it.");
        }
        try {
            return reader(type).readValue(payload.toByteArray());
        } catch (IOException | RuntimeException e) {
            throw new PayloadCodecException("A payload of " + payload.size() + " bytes cannot be read as "
                    + type.getTypeName() + where(e)
                    + ". Read it as the type it was written as, or give the type a shape that can read both.");
        }
    }

    private ObjectWriter writer(Type type) {
        ObjectWriter known = writers.get(type);
        if (known == null) {
            known = mapper.writerFor(mapper.constructType(type));
            writers.put(type, known);
        }
        return known;
    }

    private ObjectReader reader(Type type) {
        ObjectReader known = readers.get(type);
        if (known == null) {
            known = mapper.readerFor(mapper.constructType(type));
            readers.put(type, known);
        }
        return known;
    }

    private static String where(Exception error) {
        JsonLocation location = error instanceof JacksonException trouble ? trouble.getLocation() : null;
        String kind = " (" + error.getClass().getSimpleName();
        return location == null || location.getByteOffset() < 0
                ? kind + ")"
                : kind + " at byte " + location.getByteOffset() + ")";
    }
}
