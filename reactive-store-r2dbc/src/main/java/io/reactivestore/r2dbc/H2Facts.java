package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.reactivestore.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A fact first, then its note, each committed by itself: the later time of the fact protects it in between. Another store of this
 * process may write the same fact at the same time; the second look finds it.
 */
final class H2Facts extends SqlFacts {

    private static final String TOUCH =
            "UPDATE ${schema}${prefix}fact SET touched_at = GREATEST(touched_at, $1) WHERE hash = $2";

    private static final String INSERT = """
            INSERT INTO ${schema}${prefix}fact (hash, media_type, content, touched_at) VALUES ($1, $2, $3, $4)""";

    private static final String NOTE_AGAIN = """
            UPDATE ${schema}${prefix}fact_reference SET noted_at = GREATEST(noted_at, $1) \
            WHERE trace_id = $2 AND entry_hash = $3""";

    private static final String NOTE = """
            INSERT INTO ${schema}${prefix}fact_reference (trace_id, entry_hash, fact_hash, noted_at, settled) \
            VALUES ($1, $2, $3, $4, FALSE)""";

    private static final Retry WHEN_OVERTAKEN = Retry.max(100).filter(Errors::isDuplicateKey);

    private final String touch;
    private final String insert;
    private final String noteAgain;
    private final String note;

    H2Facts(Connections connections, Tables tables) {
        super(connections, tables);
        this.touch = tables.in(TOUCH);
        this.insert = tables.in(INSERT);
        this.noteAgain = tables.in(NOTE_AGAIN);
        this.note = tables.in(NOTE);
    }

    @Override
    Mono<Void> put(Connection connection, Payload content, @Nullable Note note, Instant now) {
        return Mono.defer(() -> touch(connection, content.hash().toBytes(), now))
                .filter(found -> !found)
                .flatMap(missing -> Rows.changed(connection
                        .createStatement(insert)
                        .bind(0, content.hash().toBytes())
                        .bind(1, content.mediaType())
                        .bind(2, content.toByteArray())
                        .bind(3, SqlClaims.time(now))))
                .retryWhen(WHEN_OVERTAKEN)
                .then(Mono.defer(() -> note == null ? Mono.empty() : write(connection, note, now)));
    }

    @Override
    Mono<Boolean> note(Connection connection, Note note, Instant now) {
        return touch(connection, note.fact().toBytes(), now)
                .flatMap(found -> found ? write(connection, note, now).thenReturn(true) : Mono.just(false));
    }

    private Mono<Boolean> touch(Connection connection, byte[] hash, Instant now) {
        return Rows.changed(connection
                        .createStatement(touch)
                        .bind(0, SqlClaims.time(now))
                        .bind(1, hash))
                .map(rows -> rows > 0);
    }

    private Mono<Void> write(Connection connection, Note taken, Instant now) {
        return Mono.defer(() -> Rows.changed(connection
                        .createStatement(noteAgain)
                        .bind(0, SqlClaims.time(now))
                        .bind(1, taken.traceId())
                        .bind(2, taken.entry().toBytes())))
                .filter(rows -> rows == 0)
                .flatMap(missing -> Rows.changed(connection
                        .createStatement(note)
                        .bind(0, taken.traceId())
                        .bind(1, taken.entry().toBytes())
                        .bind(2, taken.fact().toBytes())
                        .bind(3, SqlClaims.time(now))))
                .retryWhen(WHEN_OVERTAKEN)
                .then();
    }

    @Override
    Mono<Void> sync(Connection connection) {
        return Rows.changed(connection.createStatement(H2BatchWriter.SYNC)).then();
    }
}
