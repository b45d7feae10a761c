package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.reactivestore.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A fact and its note in one statement. */
final class PostgresFacts extends SqlFacts {

    private static final String KEEP = """
            INSERT INTO ${schema}${prefix}fact AS f (hash, media_type, content, touched_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (hash) DO UPDATE SET touched_at = GREATEST(f.touched_at, EXCLUDED.touched_at)""";

    private static final String NOTE = """
            INSERT INTO ${schema}${prefix}fact_reference AS r (trace_id, entry_hash, fact_hash, noted_at, settled) \
            SELECT ${trace}, ${entry}, hash, ${now}, FALSE FROM kept \
            ON CONFLICT (trace_id, entry_hash) DO UPDATE SET noted_at = GREATEST(r.noted_at, EXCLUDED.noted_at)""";

    private static final String TOUCH = """
            UPDATE ${schema}${prefix}fact SET touched_at = GREATEST(touched_at, $4) WHERE hash = $1 RETURNING hash""";

    private final String keep;
    private final String keepAndNote;
    private final String touchAndNote;

    PostgresFacts(Connections connections, Tables tables) {
        super(connections, tables);
        this.keep = tables.in(KEEP);
        this.keepAndNote = tables.in("WITH kept AS (" + KEEP + " RETURNING hash) " + note("$5", "$6"));
        this.touchAndNote = tables.in("WITH kept AS (" + TOUCH + ") " + note("$2", "$3"));
    }

    private static String note(String trace, String entry) {
        return NOTE.replace("${trace}", trace).replace("${entry}", entry).replace("${now}", "$4");
    }

    @Override
    Mono<Void> put(Connection connection, Payload content, @Nullable Note note, Instant now) {
        Statement statement = connection
                .createStatement(note == null ? keep : keepAndNote)
                .bind(0, content.hash().toBytes())
                .bind(1, content.mediaType())
                .bind(2, content.asByteBuffer())
                .bind(3, SqlClaims.time(now));
        if (note != null) {
            statement.bind(4, note.traceId()).bind(5, note.entry().toBytes());
        }
        return Rows.changed(statement).then();
    }

    @Override
    Mono<Boolean> note(Connection connection, Note note, Instant now) {
        return Rows.changed(connection
                        .createStatement(touchAndNote)
                        .bind(0, note.fact().toBytes())
                        .bind(1, note.traceId())
                        .bind(2, note.entry().toBytes())
                        .bind(3, SqlClaims.time(now)))
                .map(rows -> rows > 0);
    }
}
