package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.reactivestore.TraceHead;
import io.reactivestore.internal.Broadcast;
import io.reactivestore.spi.TraceAppend;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reserves heads one by one, each only if it is still as it was found: H2 runs in this process, so that costs no round trips, and
 * no lock is held while another is waited for. Hints are of this store alone.
 */
final class H2Claims extends SqlClaims {

    private static final String BEAT = """
            MERGE INTO ${schema}${prefix}engine (writer, name, alive_until) KEY (writer) VALUES ($1, $2, $3)""";

    private static final String WAITING = """
            SELECT ${head} FROM ${schema}${prefix}trace \
            WHERE status = 1 AND due_at <= $2 AND workflow = ANY($1) ORDER BY due_at, trace_id LIMIT $3""";

    private static final String ORPHANS = """
            SELECT ${head} FROM ${schema}${prefix}trace \
            WHERE holder IN (SELECT writer FROM ${schema}${prefix}engine WHERE alive_until <= $2) AND status = 0 \
            AND (due_at IS NULL OR due_at <= $2) AND workflow = ANY($1) ORDER BY due_at NULLS FIRST, trace_id LIMIT $3""";

    private static final String RESERVE = """
            UPDATE ${schema}${prefix}trace SET due_at = $1 \
            WHERE trace_id = $2 AND status = $3 AND holder IS NOT DISTINCT FROM $4 AND due_at IS NOT DISTINCT FROM $5""";

    private final Connections connections;
    private final String waiting;
    private final String orphans;
    private final String reserve;
    private final Broadcast<String> hints = new Broadcast<>();

    H2Claims(Connections connections, Tables tables) {
        super(connections, tables, BEAT, SqlBackend.POSITIONS.replace("${journals}", Database.H2.journals()));
        this.connections = connections;
        this.waiting = tables.in(WAITING.replace("${head}", Rows.HEAD));
        this.orphans = tables.in(ORPHANS.replace("${head}", Rows.HEAD));
        this.reserve = tables.in(RESERVE);
    }

    @Override
    public Mono<List<TraceHead>> reserve(Due due) {
        return connections.write(
                "find what is due",
                connection -> Flux.concat(
                                find(connection, waiting, due), Flux.defer(() -> find(connection, orphans, due)))
                        .concatMap(head -> reserve(connection, head, due))
                        .take(due.limit())
                        .collectList());
    }

    private static Flux<TraceHead> find(Connection connection, String sql, Due due) {
        Statement statement = connection
                .createStatement(sql)
                .bind(0, due.workflows().toArray(String[]::new))
                .bind(1, time(due.now()))
                .bind(2, due.limit());
        return Rows.of(statement, Rows::head).collectList().flatMapIterable(heads -> heads);
    }

    private Mono<TraceHead> reserve(Connection connection, TraceHead head, Due due) {
        Statement statement = connection
                .createStatement(reserve)
                .bind(0, time(due.until()))
                .bind(1, head.traceId())
                .bind(2, (short) head.status().ordinal());
        H2BatchWriter.bind(statement, 3, head.holder(), Long.class);
        H2BatchWriter.bind(statement, 4, head.dueAt());
        return Rows.changed(statement).filter(rows -> rows == 1).map(rows -> head);
    }

    @Override
    Mono<Void> sync(Connection connection) {
        return Rows.changed(connection.createStatement(H2BatchWriter.SYNC)).then();
    }

    @Override
    public Flux<String> hints() {
        return hints.listen();
    }

    @Override
    void written(List<TraceAppend> batch, Set<String> leftOut) {
        for (TraceAppend append : batch) {
            if (append.isNews() && !leftOut.contains(append.traceId())) {
                hints.tell(append.traceId());
            }
        }
    }
}
