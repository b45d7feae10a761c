package io.reactivestore.r2dbc;

import static io.reactivestore.r2dbc.H2BatchWriter.bind;

import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import io.reactivestore.Failure;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterState;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A dead letter as the columns of its table hold it. Codes are 1 plus the ordinal of what they stand for. */
final class DeadLetterRow {

    static final String COLUMNS = """
            id, trace_id, workflow, version, cause, failure_type, failure_message, failure_detail, created_at, state, \
            state_at, note, replay, replay_until, revision""";

    static final int COUNT = 15;

    private DeadLetterRow() {}

    static void encode(CompositeWriter out, DeadLetter letter) {
        Failure failure = letter.failure();
        out.text(letter.id())
                .text(letter.traceId())
                .text(letter.workflow())
                .text(letter.version())
                .int2(code(letter.cause()))
                .text(failure == null ? null : failure.type())
                .text(failure == null ? null : failure.message())
                .text(failure == null ? null : failure.detail())
                .timestamptz(letter.createdAt())
                .int2(code(letter.state()))
                .timestamptz(letter.stateAt())
                .text(letter.note())
                .text(letter.replay())
                .timestamptz(letter.replayUntil())
                .int8(letter.revision());
    }

    /** Binds all columns in their order, the first at index 0. */
    static Statement bindAll(Statement statement, DeadLetter letter) {
        Failure failure = letter.failure();
        statement
                .bind(0, letter.id())
                .bind(1, letter.traceId())
                .bind(2, letter.workflow())
                .bind(3, letter.version())
                .bind(4, code(letter.cause()))
                .bind(8, letter.createdAt().atOffset(ZoneOffset.UTC))
                .bind(9, code(letter.state()))
                .bind(10, letter.stateAt().atOffset(ZoneOffset.UTC))
                .bind(14, letter.revision());
        bind(statement, 5, failure == null ? null : failure.type(), String.class);
        bind(statement, 6, failure == null ? null : failure.message(), String.class);
        bind(statement, 7, failure == null ? null : failure.detail(), String.class);
        bind(statement, 11, letter.note(), String.class);
        bind(statement, 12, letter.replay(), String.class);
        bind(statement, 13, letter.replayUntil());
        return statement;
    }

    static short code(Enum<?> value) {
        return (short) (value.ordinal() + 1);
    }

    static DeadLetterState state(@Nullable Short code) {
        return DeadLetterState.values()[Rows.present(code) - 1];
    }

    static DeadLetter read(Readable row) {
        String failure = row.get(5, String.class);
        return new DeadLetter(
                Rows.text(row, 0),
                Rows.text(row, 1),
                Rows.text(row, 2),
                Rows.text(row, 3),
                DeadLetterCause.values()[Rows.present(row.get(4, Short.class)) - 1],
                failure == null ? null : new Failure(failure, row.get(6, String.class), row.get(7, String.class)),
                Rows.instant(row, 8),
                state(row.get(9, Short.class)),
                Rows.instant(row, 10),
                row.get(11, String.class),
                row.get(12, String.class),
                instantOrNull(row.get(13, OffsetDateTime.class)),
                Rows.number(row, 14));
    }

    private static @Nullable Instant instantOrNull(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
