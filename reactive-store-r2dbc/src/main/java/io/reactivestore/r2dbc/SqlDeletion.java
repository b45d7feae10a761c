package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.StoreUnavailableException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes traces. Whoever writes a head along finds that it is gone. Who writes entries alone runs the trace as far as he knows;
 * if somebody else has ended it or taken it over, then there are <em>stones</em>: rows of kind 0 with nothing in them, at the
 * positions where he may still try to write. So the key goes on being the lock. A new trace of the same id removes a stone when
 * it gets there.
 */
final class SqlDeletion {

    /**
     * Every row of a trace, but for its journal. The heads come last. What was noted of facts since the trace ended may be for a new
     * one of the same id: of that, the next sweep of facts finds out.
     */
    private static final List<String> ROWS = List.of(
            "DELETE FROM ${schema}${prefix}tag WHERE trace_id = ANY($1)",
            """
            DELETE FROM ${schema}${prefix}delivery_attempt \
            WHERE delivery_id IN (SELECT id FROM ${schema}${prefix}delivery WHERE trace_id = ANY($1))""",
            "DELETE FROM ${schema}${prefix}delivery WHERE trace_id = ANY($1)",
            "DELETE FROM ${schema}${prefix}dead_letter WHERE trace_id = ANY($1)",
            """
            DELETE FROM ${schema}${prefix}fact_reference WHERE trace_id = ANY($1) AND noted_at <= (\
            SELECT updated_at FROM ${schema}${prefix}trace AS t \
            WHERE t.trace_id = ${schema}${prefix}fact_reference.trace_id)""",
            "UPDATE ${schema}${prefix}fact_reference SET settled = FALSE WHERE trace_id = ANY($1)",
            "DELETE FROM ${schema}${prefix}snapshot WHERE trace_id = ANY($1)",
            "DELETE FROM ${schema}${prefix}trace WHERE trace_id = ANY($1)");

    /** Who moves a delivery holds it, and then writes an attempt and perhaps a letter: before these are deleted, or not at all. */
    private static final String DELIVERIES =
            "SELECT id FROM ${schema}${prefix}delivery WHERE trace_id = ANY($1) FOR UPDATE";

    private static final String HOLD = "SELECT " + Rows.HEAD
            + " FROM ${schema}${prefix}trace WHERE trace_id = ANY($1) ORDER BY trace_id FOR UPDATE";

    private static final String SILENT = "SELECT writer FROM ${schema}${prefix}engine WHERE alive_until <= $1";

    /** Who ran a trace, and where he wrote last, unless he rested or ended it there: kind 3 is a resume, 4 a claim, 5 an end. */
    private static final String DISPLACED = """
            SELECT mine.trace_id, mine.position FROM (SELECT trace_id, writer, MAX(position) AS position, \
            MAX(CASE WHEN position = 1 OR kind IN (3, 4) THEN 1 ELSE 0 END) AS ran \
            FROM ${journals} AND kind > 0 GROUP BY trace_id, writer) AS mine \
            JOIN ${schema}${prefix}journal AS newest \
            ON newest.trace_id = mine.trace_id AND newest.position = mine.position \
            WHERE mine.ran = 1 AND newest.kind NOT IN (5, 7)""";

    /**
     * A stone behind what runs. It comes first, so that whoever runs it writes no more, and all that he has written is seen by what
     * follows. A position that is taken meanwhile means trying again; a stone that is there already does as well.
     */
    private static final String BEHIND = """
            INSERT INTO ${schema}${prefix}journal (trace_id, position, writer, at, kind, message) \
            SELECT ends.trace_id, ends.behind, 0, CAST($2 AS timestamp(6) with time zone), 0, ${message} \
            FROM (SELECT trace_id, MAX(position) + 1 AS behind FROM ${journals} AND kind > 0 GROUP BY trace_id) AS ends \
            JOIN ${schema}${prefix}trace AS t ON t.trace_id = ends.trace_id AND t.status = 0 \
            WHERE NOT EXISTS (SELECT 1 FROM ${schema}${prefix}journal AS there \
            WHERE there.trace_id = ends.trace_id AND there.position = ends.behind AND there.kind = 0)""";

    /** What becomes stones: behind his last entry, whatever he has read, up to what told him that he does not run it any more. */
    private static final String WITHIN_REACH = """
            UPDATE ${schema}${prefix}journal SET writer = 0 WHERE trace_id = $1 AND position > $2 AND kind > 0 \
            AND position <= COALESCE((SELECT MIN(position) FROM ${schema}${prefix}journal WHERE trace_id = $1 \
            AND position > $2 AND kind IN (3, 4, 5, 7)), ${last})""";

    private static final String ENTRIES =
            "DELETE FROM ${schema}${prefix}journal WHERE trace_id = ANY($1) AND kind > 0 AND writer <> 0";

    private static final String STONES = """
            UPDATE ${schema}${prefix}journal SET kind = 0, at = $2, message = ${message}, step = NULL, attempt = NULL, \
            outcome = NULL, workflow = NULL, version = NULL, node_id = NULL, reference = NULL, label = NULL, detail = NULL, \
            media_type = NULL, payload_hash = NULL, payload = NULL WHERE trace_id = ANY($1) AND kind > 0""";

    private static final String MESSAGE = "'Deleted. Keeps a writer that was displaced from writing here.'";

    private final Connections connections;
    private final BatchWriter writer;
    private final String hold;
    private final String silent;
    private final String displaced;
    private final String behind;
    private final String withinReach;
    private final String entries;
    private final String stones;
    private final String deliveries;
    private final List<String> rows;

    SqlDeletion(Database database, Tables tables, Connections connections, BatchWriter writer) {
        this.connections = connections;
        this.writer = writer;
        this.hold = tables.in(HOLD);
        this.silent = tables.in(SILENT);
        this.displaced = tables.in(DISPLACED.replace("${journals}", database.journals()));
        this.behind =
                tables.in(BEHIND.replace("${journals}", database.journals()).replace("${message}", MESSAGE));
        this.withinReach = tables.in(WITHIN_REACH.replace("${last}", String.valueOf(Long.MAX_VALUE)));
        this.entries = tables.in(ENTRIES);
        this.stones = tables.in(STONES.replace("${message}", MESSAGE));
        this.deliveries = tables.in(DELIVERIES);
        this.rows = ROWS.stream().map(tables::in).toList();
    }

    Mono<Set<String>> delete(List<TraceHead> heads, Instant now) {
        Map<String, TraceHead> asRead = new HashMap<>();
        heads.forEach(head -> asRead.put(head.traceId(), head));
        return connections
                .write(
                        "delete traces",
                        connection -> Commit.of(
                                connection,
                                writer,
                                () -> free(connection, asRead, now)
                                        .flatMap(ids -> ids.isEmpty()
                                                ? Mono.just(ids)
                                                : delete(connection, ids, now).thenReturn(ids))))
                .onErrorMap(
                        error -> Errors.isDuplicateKey(error.getCause()),
                        error -> new StoreUnavailableException(
                                null, "A trace that is to be deleted was just written to.", error));
    }

    /** Holds the heads, and gives the ids of those that are as they were read and may go. */
    private Mono<Set<String>> free(Connection connection, Map<String, TraceHead> asRead, Instant now) {
        String[] ids = asRead.keySet().toArray(String[]::new);
        return Rows.of(connection.createStatement(hold).bind(0, ids), Rows::head)
                .filter(head -> isSame(head, Rows.present(asRead.get(head.traceId()))))
                .collectList()
                .flatMap(heads -> heads.stream().noneMatch(SqlDeletion::runs)
                        ? Mono.just(ids(heads, Set.of()))
                        : Rows.of(
                                        connection.createStatement(silent).bind(0, SqlClaims.time(now)),
                                        row -> Rows.number(row, 0))
                                .collectList()
                                .map(writers -> ids(heads, new HashSet<>(writers))));
    }

    private static boolean isSame(TraceHead now, TraceHead asRead) {
        return now.status() == asRead.status()
                && Objects.equals(now.holder(), asRead.holder())
                && now.createdAt().equals(asRead.createdAt())
                && now.updatedAt().equals(asRead.updatedAt());
    }

    private static boolean runs(TraceHead head) {
        return head.status() == TraceStatus.RUNNING;
    }

    private static Set<String> ids(List<TraceHead> heads, Set<Long> silent) {
        Set<String> ids = new HashSet<>();
        for (TraceHead head : heads) {
            if (!runs(head) || (head.holder() != null && silent.contains(head.holder()))) {
                ids.add(head.traceId());
            }
        }
        return ids;
    }

    private record Place(String traceId, long position) {}

    private Mono<Void> delete(Connection connection, Collection<String> traceIds, Instant now) {
        String[] ids = traceIds.toArray(String[]::new);
        return changed(connection, behind, ids, SqlClaims.time(now))
                .thenMany(Flux.defer(() -> displaced(connection, ids)))
                .concatMap(last -> changed(connection, withinReach, last.traceId(), last.position()))
                .then(changed(connection, entries, (Object) ids))
                .then(changed(connection, stones, ids, SqlClaims.time(now)))
                .thenMany(Flux.defer(
                        () -> Rows.of(connection.createStatement(deliveries).bind(0, ids), row -> Rows.text(row, 0))))
                .thenMany(Flux.fromIterable(rows))
                .concatMap(sql -> changed(connection, sql, (Object) ids))
                .then();
    }

    private Flux<Place> displaced(Connection connection, String[] ids) {
        return Rows.of(
                        connection.createStatement(displaced).bind(0, ids),
                        row -> new Place(Rows.text(row, 0), Rows.number(row, 1)))
                .collectList()
                .flatMapIterable(writers -> writers);
    }

    private static Mono<Long> changed(Connection connection, String sql, Object... values) {
        return Mono.defer(() -> {
            Statement statement = connection.createStatement(sql);
            for (int i = 0; i < values.length; i++) {
                statement.bind(i, values[i]);
            }
            return Rows.changed(statement);
        });
    }
}
