package io.reactivestore.engine;

import com.fasterxml.jackson.core.type.TypeReference;
import io.reactivestore.Payload;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value as it stands in a journal, to be read as the type the reader wants. What the reader does not ask for is not decoded.
 *
 * <pre>{@code
 * Flux<Receipt> receipts = engine.watch("order-42")
 *         .ofType(TraceUpdate.StepRecorded.class)
 *         .filter(step -> step.node().equals("charge"))
 *         .map(TraceUpdate.StepRecorded::value)
 *         .mapNotNull((RecordedValue value) -> value.as(Receipt.class));
 * }</pre>
 */
public final class RecordedValue {

    private final @Nullable Payload payload;
    private final PayloadCodec codec;
    private final String traceId;
    private final String node;

    RecordedValue(@Nullable Payload payload, PayloadCodec codec, String traceId, String node) {
        this.payload = payload;
        this.codec = codec;
        this.traceId = traceId;
        this.node = node;
    }

    /**
     * Reads the value by the engine's codec.
     *
     * @param type a class without type parameters
     * @param <T> the type
     * @return the value, or null if there is none or null was recorded
     * @throws PayloadCodecException if it is not of that type
     */
    public <T> @Nullable T as(Class<T> type) {
        return decode(type);
    }

    /**
     * Reads the value by the engine's codec.
     *
     * @param type a type with parameters
     * @param <T> the type
     * @return the value, or null if there is none or null was recorded
     * @throws PayloadCodecException if it is not of that type
     */
    public <T> @Nullable T as(TypeReference<T> type) {
        return decode(type.getType());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private <T> @Nullable T decode(Type type) {
        try {
            return payload == null ? null : (T) codec.decode(payload, type);
        } catch (PayloadCodecException misfit) {
            throw misfit.at(traceId, node);
        }
    }

    /**
     * Gives what is on record.
     *
     * @return the bytes and their media type, or null if there is nothing
     */
    public @Nullable Payload payload() {
        return payload;
    }

    /** Two are equal if the same is on record. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordedValue that && Objects.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(payload);
    }

    /** Size and hash, never the content. */
    @Override
    public String toString() {
        return payload == null ? "nothing" : payload.toString();
    }
}
