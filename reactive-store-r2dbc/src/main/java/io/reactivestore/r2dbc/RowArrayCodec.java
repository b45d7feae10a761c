package io.reactivestore.r2dbc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.codec.CodecRegistry;
import io.r2dbc.postgresql.extension.CodecRegistrar;
import io.r2dbc.postgresql.message.Format;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Lets a {@link RowArray} be bound as one parameter. r2dbc-postgresql finds it by {@code META-INF/services}. The driver's own
 * array codecs write text, allocate per element, and corrupt arrays of bytes (1.1.1). Public for the service loader, and for
 * those who switch it off:
 *
 * <pre>{@code
 * PostgresqlConnectionConfiguration withoutServices = PostgresqlConnectionConfiguration.builder()
 *         .host("localhost")
 *         .username("app")
 *         .autodetectExtensions(false)
 *         .extendWith(new RowArrayCodec())
 *         .build();
 * }</pre>
 */
public final class RowArrayCodec implements CodecRegistrar, Codec<RowArray<?>> {

    /** For the service loader. */
    public RowArrayCodec() {}

    @Override
    public Publisher<Void> register(
            PostgresqlConnection connection, ByteBufAllocator allocator, CodecRegistry registry) {
        return Mono.fromRunnable(() -> registry.addLast(this));
    }

    @Override
    public boolean canEncode(Object value) {
        return value instanceof RowArray<?>;
    }

    /** The buffer is made when the driver sends it, and is the driver's from then on: what is never sent leaks nothing. */
    @Override
    public EncodedParameter encode(Object value) {
        RowArray<?> array = (RowArray<?>) value;
        return new EncodedParameter(Format.FORMAT_BINARY, array.type().array(), Mono.fromSupplier(array::encode));
    }

    @Override
    public EncodedParameter encode(Object value, int dataType) {
        return encode(value);
    }

    @Override
    public boolean canEncodeNull(Class<?> type) {
        return false;
    }

    @Override
    public EncodedParameter encodeNull() {
        throw new UnsupportedOperationException("a row array is never null");
    }

    @Override
    public boolean canDecode(int dataType, Format format, Class<?> type) {
        return false;
    }

    @Override
    public @Nullable RowArray<?> decode(
            @Nullable ByteBuf buffer, int dataType, Format format, Class<? extends RowArray<?>> type) {
        throw new UnsupportedOperationException("a row array is never read");
    }
}
