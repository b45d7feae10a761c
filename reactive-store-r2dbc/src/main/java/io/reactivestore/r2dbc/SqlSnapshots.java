package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.spi.SnapshotBackend;
import java.nio.ByteBuffer;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Snapshots in a table of their own, none without a head. PostgreSQL writes one in one statement, H2 in two. */
final class SqlSnapshots implements SnapshotBackend {

    private static final String FIND = """
            SELECT position, anchor, media_type, hash, content FROM ${schema}${prefix}snapshot \
            WHERE trace_id = $1 AND version = $2""";

    private static final String REMOVE = """
            DELETE FROM ${schema}${prefix}snapshot \
            WHERE trace_id = $1 AND version = $2 AND position = $3 AND anchor = $4""";

    private static final String INSERT = """
            INSERT INTO ${schema}${prefix}snapshot AS s (trace_id, version, position, anchor, media_type, hash, content) \
            SELECT trace_id, $2, $3, $4, $5, $6, $7 FROM ${schema}${prefix}trace WHERE trace_id = $1 FOR KEY SHARE \
            ON CONFLICT (trace_id, version) DO UPDATE SET position = EXCLUDED.position, \
            anchor = EXCLUDED.anchor, media_type = EXCLUDED.media_type, hash = EXCLUDED.hash, content = EXCLUDED.content \
            WHERE s.position < EXCLUDED.position""";

    private static final String H2_UPDATE = """
            UPDATE ${schema}${prefix}snapshot SET position = $3, anchor = $4, media_type = $5, hash = $6, content = $7 \
            WHERE trace_id = $1 AND version = $2 AND position < $3""";

    private static final String H2_INSERT = """
            INSERT INTO ${schema}${prefix}snapshot (trace_id, version, position, anchor, media_type, hash, content) \
            SELECT trace_id, $2, $3, $4, $5, $6, $7 FROM ${schema}${prefix}trace WHERE trace_id = $1 AND NOT EXISTS (\
            SELECT 1 FROM ${schema}${prefix}snapshot WHERE trace_id = $1 AND version = $2)""";

    /** Another store of this process wrote the first one at the same time. */
    private static final Retry WHEN_OVERTAKEN = Retry.max(100).filter(Errors::isDuplicateKey);

    private final Connections connections;
    private final Database database;
    private final String find;
    private final String remove;
    private final String insert;
    private final String update;

    SqlSnapshots(Connections connections, Database database, Tables tables) {
        this.connections = connections;
        this.database = database;
        this.find = tables.in(FIND);
        this.remove = tables.in(REMOVE);
        this.insert = tables.in(database == Database.H2 ? H2_INSERT : INSERT);
        this.update = tables.in(H2_UPDATE);
    }

    @Override
    public Mono<Boolean> save(Kept snapshot) {
        return connections.write("save a snapshot", connection -> switch (database) {
            case POSTGRESQL -> changed(connection, insert, snapshot);
            case H2 ->
                changed(connection, update, snapshot)
                        .flatMap(updated ->
                                updated ? Mono.just(true) : Mono.defer(() -> changed(connection, insert, snapshot)))
                        .retryWhen(WHEN_OVERTAKEN)
                        .flatMap(saved -> sync(connection).thenReturn(saved));
        });
    }

    private static Mono<Boolean> changed(Connection connection, String sql, Kept snapshot) {
        Payload content = snapshot.content();
        Statement statement = connection
                .createStatement(sql)
                .bind(0, snapshot.traceId())
                .bind(1, snapshot.version())
                .bind(2, snapshot.position())
                .bind(3, snapshot.anchor().toBytes())
                .bind(4, content.mediaType())
                .bind(5, content.hash().toBytes())
                .bind(6, content.toByteArray());
        return Mono.defer(() -> Rows.changed(statement)).map(rows -> rows > 0);
    }

    @Override
    public Mono<Kept> find(String traceId, String version) {
        return connections.use(
                "find a snapshot",
                connection -> Rows.of(
                                connection
                                        .createStatement(find)
                                        .bind(0, traceId)
                                        .bind(1, version),
                                row -> snapshot(traceId, version, row))
                        .next());
    }

    private static Kept snapshot(String traceId, String version, Readable row) {
        ByteBuffer buffer = Rows.present(row.get(4, ByteBuffer.class));
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        Payload content =
                Payload.restored(bytes, Rows.text(row, 2), Sha256.fromBytes(Rows.present(row.get(3, byte[].class))));
        Sha256 anchor = Sha256.fromBytes(Rows.present(row.get(1, byte[].class)));
        return new Kept(traceId, version, Rows.number(row, 0), anchor, content);
    }

    @Override
    public Mono<Void> remove(Kept snapshot) {
        return connections.write(
                "remove a snapshot",
                connection -> Rows.changed(connection
                                .createStatement(remove)
                                .bind(0, snapshot.traceId())
                                .bind(1, snapshot.version())
                                .bind(2, snapshot.position())
                                .bind(3, snapshot.anchor().toBytes()))
                        .then(Mono.defer(() -> sync(connection))));
    }

    private Mono<Void> sync(Connection connection) {
        return database == Database.H2
                ? Rows.changed(connection.createStatement(H2BatchWriter.SYNC)).then()
                : Mono.empty();
    }
}
