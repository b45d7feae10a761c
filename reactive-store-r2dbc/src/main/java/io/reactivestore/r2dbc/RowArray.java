package io.reactivestore.r2dbc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Rows of one of the schema's composite types, bound as one parameter: a whole batch, whatever its size.
 *
 * @param type what the database calls the type
 * @param rows the rows
 * @param bytes about how many bytes they take
 * @param encoder writes the columns of a row, in the order of the type
 * @param <T> the type of a row here
 */
record RowArray<T>(Type type, List<T> rows, int bytes, BiConsumer<CompositeWriter, T> encoder) {

    /**
     * What a database calls a composite type.
     *
     * @param row its oid
     * @param array the oid of the array of it
     * @param columns how many columns it has
     */
    record Type(int row, int array, int columns) {}

    /** Gives a buffer that the caller must release. */
    ByteBuf encode() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
        try {
            CompositeWriter out = new CompositeWriter(buffer, type.row, rows.size());
            for (int i = 0; i < rows.size(); i++) {
                out.row(type.columns);
                encoder.accept(out, rows.get(i));
                out.endRow();
            }
            return buffer;
        } catch (RuntimeException | Error e) {
            buffer.release();
            throw e;
        }
    }
}
