package io.reactivestore.engine;

import io.reactivestore.Payload;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * How values become payloads and payloads values again. Equal values must give equal bytes, in every process: their hash tells
 * whether two inputs are the same.
 *
 * <pre>{@code
 * PayloadCodec codec = PayloadCodec.json();
 * Payload payload = codec.encode(employee, Employee.class);
 * Employee same = (Employee) codec.decode(payload, Employee.class);
 * }</pre>
 */
public interface PayloadCodec {

    /**
     * Gives the codec of the engine: JSON by Jackson with settings of its own, so that no framework's configuration changes
     * what is on record. ISO-8601 for times, properties and map keys in alphabetical order, unknown properties ignored, no
     * type names in the data.
     *
     * @return the codec
     */
    static PayloadCodec json() {
        return JsonCodec.INSTANCE;
    }

    /**
     * Writes a value. A null must be readable as null.
     *
     * @param value the value, or null
     * @param type its declared type
     * @return the payload
     * @throws PayloadCodecException if it cannot be written; the message holds no content
     */
    Payload encode(@Nullable Object value, Type type);

    /**
     * Reads a value.
     *
     * @param payload the payload
     * @param type the type to read it as
     * @return the value, or null if null was written
     * @throws PayloadCodecException if it is not of that type; neither the message nor a cause holds content
     */
    @Nullable
    Object decode(Payload payload, Type type);
}
