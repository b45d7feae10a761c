package io.reactivestore.r2dbc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.reactivestore.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes an array of composites in PostgreSQL's binary format, as {@code array_recv} and {@code record_recv} of the server read
 * it: a header; then each row as its length, its number of columns, and each column as its type, its length and its value.
 */
final class CompositeWriter {

    private static final int TEXT = 25;
    private static final int INT8 = 20;
    private static final int INT4 = 23;
    private static final int INT2 = 21;
    private static final int BYTEA = 17;
    private static final int TIMESTAMPTZ = 1184;
    private static final int NULL = -1;

    /** Seconds from 1970-01-01 to PostgreSQL's epoch, 2000-01-01. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private final ByteBuf out;
    private int rowStart;

    CompositeWriter(ByteBuf out, int rowType, int rows) {
        this.out = out;
        out.writeInt(1); // dimensions
        out.writeInt(0); // no row is null
        out.writeInt(rowType);
        out.writeInt(rows);
        out.writeInt(1); // lower bound
    }

    CompositeWriter row(int columns) {
        rowStart = out.writerIndex();
        out.writeInt(0);
        out.writeInt(columns);
        return this;
    }

    void endRow() {
        out.setInt(rowStart, out.writerIndex() - rowStart - Integer.BYTES);
    }

    CompositeWriter text(@Nullable String value) {
        out.writeInt(TEXT);
        if (value == null) {
            out.writeInt(NULL);
        } else {
            int start = out.writerIndex();
            out.writeInt(0);
            out.setInt(start, ByteBufUtil.writeUtf8(out, value));
        }
        return this;
    }

    CompositeWriter int8(long value) {
        out.writeInt(INT8).writeInt(Long.BYTES).writeLong(value);
        return this;
    }

    CompositeWriter int8(@Nullable Long value) {
        return value == null ? none(INT8) : int8(value.longValue());
    }

    CompositeWriter int4(@Nullable Integer value) {
        if (value == null) {
            return none(INT4);
        }
        out.writeInt(INT4).writeInt(Integer.BYTES).writeInt(value);
        return this;
    }

    CompositeWriter int2(@Nullable Short value) {
        if (value == null) {
            return none(INT2);
        }
        out.writeInt(INT2).writeInt(Short.BYTES).writeShort(value);
        return this;
    }

    CompositeWriter timestamptz(@Nullable Instant value) {
        if (value == null) {
            return none(TIMESTAMPTZ);
        }
        long micros = (value.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + value.getNano() / 1_000;
        out.writeInt(TIMESTAMPTZ).writeInt(Long.BYTES).writeLong(micros);
        return this;
    }

    CompositeWriter bytea(@Nullable ByteBuffer value) {
        if (value == null) {
            return none(BYTEA);
        }
        out.writeInt(BYTEA).writeInt(value.remaining()).writeBytes(value);
        return this;
    }

    CompositeWriter bytea(@Nullable Sha256 value) {
        if (value == null) {
            return none(BYTEA);
        }
        out.writeInt(BYTEA).writeInt(Sha256.BYTES);
        out.writeLong(value.a()).writeLong(value.b()).writeLong(value.c()).writeLong(value.d());
        return this;
    }

    private CompositeWriter none(int type) {
        out.writeInt(type).writeInt(NULL);
        return this;
    }
}
