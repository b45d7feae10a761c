package io.reactivestore.r2dbc;

import io.reactivestore.TraceHead;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reserves heads in one statement that waits for no lock; hints come by NOTIFY. */
final class PostgresClaims extends SqlClaims {

    private static final String BEAT = """
            INSERT INTO ${schema}${prefix}engine (writer, name, alive_until) VALUES ($1, $2, $3) \
            ON CONFLICT (writer) DO UPDATE SET name = EXCLUDED.name, alive_until = EXCLUDED.alive_until""";

    /**
     * Each part asks for the order of its index: so PostgreSQL reads no more of it than the limit, and never the table, however
     * wrong its statistics are. A row that another such statement has locked is passed over; one that has just changed is judged
     * again as it is now.
     */
    private static final String RESERVE = """
            WITH waiting AS MATERIALIZED (\
            SELECT trace_id, due_at FROM ${schema}${prefix}trace \
            WHERE status = 1 AND due_at <= $2 AND workflow = ANY($1) \
            ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED), \
            orphans AS MATERIALIZED (\
            SELECT held.trace_id, held.due_at FROM ${schema}${prefix}engine AS silent CROSS JOIN LATERAL (\
            SELECT trace_id, due_at FROM ${schema}${prefix}trace \
            WHERE status = 0 AND holder = silent.writer AND (due_at IS NULL OR due_at <= $2) AND workflow = ANY($1) \
            ORDER BY due_at NULLS FIRST LIMIT $4 FOR UPDATE SKIP LOCKED) AS held \
            WHERE silent.alive_until <= $2 LIMIT $4 - (SELECT count(*) FROM waiting)), \
            reserved AS (\
            UPDATE ${schema}${prefix}trace AS t SET due_at = $3 \
            FROM (SELECT * FROM waiting UNION ALL SELECT * FROM orphans) AS due WHERE t.trace_id = due.trace_id \
            RETURNING t.trace_id, workflow, version, status, holder, due.due_at AS due_at, created_at, updated_at) \
            SELECT ${head} FROM reserved ORDER BY status DESC, due_at, trace_id""";

    /** One look into the key for each journal, however long it is. */
    private static final String POSITIONS = """
            SELECT asked.id, newest.position FROM unnest($1::text[]) AS asked (id) CROSS JOIN LATERAL (\
            SELECT position FROM ${schema}${prefix}journal WHERE trace_id = asked.id AND kind > 0 \
            ORDER BY position DESC LIMIT 1) AS newest""";

    private final Connections connections;
    private final PostgresHints hints;
    private final String reserve;

    PostgresClaims(Connections connections, PostgresHints hints, Tables tables) {
        super(connections, tables, BEAT, POSITIONS);
        this.connections = connections;
        this.hints = hints;
        this.reserve = tables.in(RESERVE.replace("${head}", Rows.HEAD));
    }

    @Override
    public Mono<List<TraceHead>> reserve(Due due) {
        return connections.use(
                "find what is due",
                connection -> Rows.of(
                                connection
                                        .createStatement(reserve)
                                        .bind(0, due.workflows().toArray(String[]::new))
                                        .bind(1, time(due.now()))
                                        .bind(2, time(due.until()))
                                        .bind(3, (long) due.limit()),
                                Rows::head)
                        .collectList());
    }

    @Override
    public Flux<String> hints() {
        return hints.listen();
    }

    @Override
    Mono<Void> close() {
        return hints.close();
    }
}
