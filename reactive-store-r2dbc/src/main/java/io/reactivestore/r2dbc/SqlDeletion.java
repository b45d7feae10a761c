package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
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
     * Every row of a trace, but for its journal. The deliveries are held first: who records an attempt holds one of them and
     * writes further rows, which would come behind what deletes those. The heads come last.
     */
    private static final List<String> ROWS = List.of(
            "DELETE FROM ${schema}${prefix}tag WHERE trace_id = ANY($1)",
            "UPDATE ${schema}${prefix}delivery SET revision = revision + 1 WHERE trace_id = ANY($1)",
            "DELETE FROM ${schema}${prefix}dead_letter WHERE trace_id = ANY($1)",
            """
            DELETE FROM ${schema}${prefix}delivery_attempt \
            WHERE delivery_id IN (SELECT id FROM ${schema}${prefix}delivery WHERE trace_id = ANY($1))""",
            "DELETE FROM ${schema}${prefix}delivery WHERE trace_id = ANY($1)",
            "DELETE FROM ${schema}${prefix}fact_reference WHERE trace_id = ANY($1)",
            "DELETE FROM ${schema}${prefix}snapshot WHERE trace_id = ANY($1)",
            "DELETE FROM ${schema}${prefix}trace WHERE trace_id = ANY($1)");

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

    /** From there on, whatever he has read, up to what told him that he does not run it any more. */
    private static final String WITHIN_REACH = """
            SELECT position FROM ${schema}${prefix}journal WHERE trace_id = $1 AND position > $2 AND kind > 0 \
            AND position <= COALESCE((SELECT MIN(position) FROM ${schema}${prefix}journal WHERE trace_id = $1 \
            AND position > $2 AND kind IN (3, 4, 5, 7)), ${last})""";

    private static final String STONE = """
            INSERT INTO ${schema}${prefix}journal (trace_id, position, writer, at, kind, message) \
            SELECT CAST($1 AS varchar(255)), CAST($2 AS bigint), 0, CAST($3 AS timestamp(6) with time zone), 0, \
            'Deleted. Keeps a writer that was displaced from writing here.' \
            WHERE NOT EXISTS (SELECT 1 FROM ${schema}${prefix}journal WHERE trace_id = $1 AND position = $2)""";

    private static final String ENTRIES = "DELETE FROM ${schema}${prefix}journal WHERE trace_id = ANY($1) AND kind > 0";

    private final Connections connections;
    private final BatchWriter writer;
    private final String hold;
    private final String silent;
    private final String displaced;
    private final String withinReach;
    private final String stone;
    private final String entries;
    private final List<String> rows;

    SqlDeletion(Database database, Tables tables, Connections connections, BatchWriter writer) {
        this.connections = connections;
        this.writer = writer;
        this.hold = tables.in(HOLD);
        this.silent = tables.in(SILENT);
        this.displaced = tables.in(DISPLACED.replace("${journals}", database.journals()));
        this.withinReach = tables.in(WITHIN_REACH.replace("${last}", String.valueOf(Long.MAX_VALUE)));
        this.stone = tables.in(STONE);
        this.entries = tables.in(ENTRIES);
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
        return Rows.of(
                        connection.createStatement(displaced).bind(0, ids),
                        row -> new Place(Rows.text(row, 0), Rows.number(row, 1)))
                .collectList()
                .flatMapMany(Flux::fromIterable)
                .concatMap(last -> stones(connection, last))
                .distinct()
                .collectList()
                .flatMap(stones -> Rows.changed(
                                connection.createStatement(entries).bind(0, ids))
                        .thenMany(Flux.fromIterable(stones))
                        .concatMap(place -> Rows.changed(connection
                                .createStatement(stone)
                                .bind(0, place.traceId())
                                .bind(1, place.position())
                                .bind(2, SqlClaims.time(now))))
                        .thenMany(Flux.fromIterable(rows))
                        .concatMap(sql ->
                                Rows.changed(connection.createStatement(sql).bind(0, ids)))
                        .then());
    }

    private Flux<Place> stones(Connection connection, Place last) {
        return Rows.of(
                        connection
                                .createStatement(withinReach)
                                .bind(0, last.traceId())
                                .bind(1, last.position()),
                        row -> new Place(last.traceId(), Rows.number(row, 0)))
                .collectList()
                .flatMapIterable(
                        within -> within.isEmpty() ? List.of(new Place(last.traceId(), last.position() + 1)) : within);
    }
}
