package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.spi.FactBackend;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Facts and references in two tables. How a fact is written, or found to be there, is the database's own. */
abstract class SqlFacts implements FactBackend {

    private static final String GET = "SELECT media_type, content FROM ${schema}${prefix}fact WHERE hash = $1";

    private static final String REFERENCES =
            "SELECT DISTINCT fact_hash FROM ${schema}${prefix}fact_reference WHERE trace_id = $1";

    private static final String OLDEST = """
            (trace_id, entry_hash) IN (SELECT trace_id, entry_hash FROM ${schema}${prefix}fact_reference \
            WHERE NOT settled AND noted_at < $1 ORDER BY noted_at LIMIT $2)""";

    private static final String HELD = """
            EXISTS (SELECT 1 FROM ${schema}${prefix}journal AS j \
            WHERE j.trace_id = ${schema}${prefix}fact_reference.trace_id \
            AND j.payload_hash = ${schema}${prefix}fact_reference.entry_hash)""";

    private static final String SETTLE =
            "UPDATE ${schema}${prefix}fact_reference SET settled = TRUE WHERE " + OLDEST + " AND " + HELD;

    /** Whatever is noted again meanwhile has a later time: both databases look at the row again once they have its lock. */
    private static final String FORGET =
            "DELETE FROM ${schema}${prefix}fact_reference WHERE NOT settled AND noted_at < $1 AND " + OLDEST
                    + " AND NOT " + HELD;

    /** As above: a fact that is put meanwhile has a later time, and so has one that is noted. */
    private static final String REMOVE = """
            DELETE FROM ${schema}${prefix}fact WHERE touched_at < $1 AND hash IN (\
            SELECT hash FROM ${schema}${prefix}fact AS f WHERE touched_at < $1 AND NOT EXISTS (\
            SELECT 1 FROM ${schema}${prefix}fact_reference AS r WHERE r.fact_hash = f.hash) \
            ORDER BY touched_at LIMIT $2)""";

    private final Connections connections;
    private final String get;
    private final String references;
    private final List<String> sweep;

    SqlFacts(Connections connections, Tables tables) {
        this.connections = connections;
        this.get = tables.in(GET);
        this.references = tables.in(REFERENCES);
        this.sweep = List.of(tables.in(SETTLE), tables.in(FORGET), tables.in(REMOVE));
    }

    /** Writes a fact and perhaps a note. */
    abstract Mono<Void> put(Connection connection, Payload content, @Nullable Note note, Instant now);

    /** Writes a note if its fact is there; emits whether it is. */
    abstract Mono<Boolean> note(Connection connection, Note note, Instant now);

    @Override
    public final Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
        return connections.write(
                "keep a fact",
                connection -> put(connection, content, note, now).then(Mono.defer(() -> sync(connection))));
    }

    @Override
    public final Mono<List<Sha256>> note(Collection<Note> notes, Instant now) {
        return connections.write(
                "refer to facts",
                connection -> Flux.fromIterable(notes)
                        .concatMap(note -> note(connection, note, now)
                                .filter(found -> found)
                                .map(found -> note.fact()))
                        .collectList()
                        .flatMap(found -> sync(connection).thenReturn(found)));
    }

    @Override
    public final Mono<Payload> get(Sha256 key) {
        return connections.use(
                "read a fact",
                connection -> Rows.of(
                                connection.createStatement(get).bind(0, key.toBytes()),
                                row -> Payload.restored(
                                        bytes(Rows.present(row.get(1, ByteBuffer.class))), Rows.text(row, 0), key))
                        .next());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public final Mono<List<Sha256>> references(String traceId) {
        return connections.use(
                "read references to facts",
                connection -> Rows.of(
                                connection.createStatement(references).bind(0, traceId),
                                row -> Sha256.fromBytes(Rows.present(row.get(0, byte[].class))))
                        .collectList());
    }

    @Override
    public final Mono<Long> sweep(Instant before, int limit) {
        return connections.write(
                "sweep facts",
                connection -> Flux.fromIterable(sweep)
                        .concatMap(sql -> Rows.changed(connection
                                .createStatement(sql)
                                .bind(0, SqlClaims.time(before))
                                .bind(1, limit)))
                        .last()
                        .flatMap(removed -> sync(connection).thenReturn(removed)));
    }

    /** Makes durable what was committed. */
    Mono<Void> sync(Connection connection) {
        return Mono.empty();
    }
}
