package io.reactivestore.r2dbc;

import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A delivery as the columns of its table hold it. Codes are 1 plus the ordinal of what they stand for. */
final class DeliveryRow {

    static final String COLUMNS = """
            id, trace_id, workflow, version, endpoint, event, media_type, body_hash, body, created_at, state, attempts, \
            due_at, revision""";

    static final int COUNT = 14;

    private DeliveryRow() {}

    static void encode(CompositeWriter out, Delivery delivery) {
        out.text(delivery.id())
                .text(delivery.traceId())
                .text(delivery.workflow())
                .text(delivery.version())
                .text(delivery.endpoint())
                .text(delivery.event())
                .text(delivery.body().mediaType())
                .bytea(delivery.body().hash())
                .bytea(delivery.body().asByteBuffer())
                .timestamptz(delivery.createdAt())
                .int2(DeadLetterRow.code(delivery.state()))
                .int4(delivery.attempts())
                .timestamptz(delivery.dueAt())
                .int8(delivery.revision());
    }

    /** Binds all columns in their order, the first at index 0. */
    static Statement bindAll(Statement statement, Delivery delivery) {
        Payload body = delivery.body();
        statement
                .bind(0, delivery.id())
                .bind(1, delivery.traceId())
                .bind(2, delivery.workflow())
                .bind(3, delivery.version())
                .bind(4, delivery.endpoint())
                .bind(5, delivery.event())
                .bind(6, body.mediaType())
                .bind(7, body.hash().toBytes())
                .bind(8, body.toByteArray())
                .bind(9, delivery.createdAt().atOffset(ZoneOffset.UTC))
                .bind(10, DeadLetterRow.code(delivery.state()))
                .bind(11, delivery.attempts())
                .bind(13, delivery.revision());
        H2BatchWriter.bind(statement, 12, delivery.dueAt());
        return statement;
    }

    static DeliveryState state(@Nullable Short code) {
        return DeliveryState.values()[Rows.present(code) - 1];
    }

    static Delivery read(Readable row) {
        ByteBuffer content = Rows.present(row.get(8, ByteBuffer.class));
        byte[] body = new byte[content.remaining()];
        content.get(body);
        OffsetDateTime dueAt = row.get(12, OffsetDateTime.class);
        return new Delivery(
                Rows.text(row, 0),
                Rows.text(row, 1),
                Rows.text(row, 2),
                Rows.text(row, 3),
                Rows.text(row, 4),
                Rows.text(row, 5),
                Payload.restored(body, Rows.text(row, 6), Sha256.fromBytes(Rows.present(row.get(7, byte[].class)))),
                Rows.instant(row, 9),
                state(row.get(10, Short.class)),
                Rows.present(row.get(11, Integer.class)),
                dueAt == null ? null : dueAt.toInstant(),
                Rows.number(row, 13));
    }

    static DeliveryAttempt attempt(Readable row) {
        return new DeliveryAttempt(
                Rows.instant(row, 0),
                row.get(1, Integer.class),
                row.get(2, String.class),
                Duration.ofMillis(Rows.number(row, 3)));
    }
}
