package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.reactivestore.Sha256;
import io.reactivestore.catalog.ValuePreview;
import io.reactivestore.spi.CatalogBackend.Outline;
import io.reactivestore.spi.CatalogBackend.Output;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/** What journals amount to, without what their steps produced. Kind 1 is a step, 3 a resume, 5 an end; outcome 1 a start. */
final class SqlOutlines {

    /** A step is void if a resume behind it goes back to before it. Told from the end, as PostgreSQL begins anew with each row else. */
    private static final String STEPS = """
            SELECT trace_id, COUNT(DISTINCT CASE WHEN kind = 1 AND outcome <> 1 AND (kept IS NULL OR step <= kept) \
            THEN step END) FROM (SELECT trace_id, kind, outcome, step, MIN(CASE WHEN kind = 3 THEN step END) OVER (\
            PARTITION BY trace_id ORDER BY position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS kept \
            FROM ${journals} AND kind > 0) AS entries GROUP BY trace_id""";

    /** Nothing stands behind the last end of a trace. */
    private static final String OUTPUTS = """
            SELECT e.trace_id, e.media_type, e.payload_hash, OCTET_LENGTH(e.payload), SUBSTRING(e.payload FROM 1 FOR ${bytes}) \
            FROM (SELECT trace_id, MAX(position) AS position FROM ${journals} AND kind > 0 GROUP BY trace_id) AS ends \
            JOIN ${schema}${prefix}journal AS e ON e.trace_id = ends.trace_id AND e.position = ends.position \
            WHERE e.kind = 5 AND e.media_type IS NOT NULL""";

    private final Connections connections;
    private final String steps;
    private final String outputs;

    SqlOutlines(Database database, Tables tables, Connections connections) {
        this.connections = connections;
        this.steps = tables.in(STEPS.replace("${journals}", database.journals()));
        this.outputs = tables.in(OUTPUTS.replace("${journals}", database.journals())
                .replace("${bytes}", String.valueOf(ValuePreview.BYTES)));
    }

    Mono<Map<String, Outline>> of(Collection<String> traceIds) {
        String[] ids = traceIds.toArray(String[]::new);
        return connections.use(
                "outline traces",
                connection -> Rows.of(
                                connection.createStatement(steps).bind(0, ids),
                                row -> Map.entry(Rows.text(row, 0), Rows.number(row, 1)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                        .zipWhen(counts -> outputs(connection, ids), SqlOutlines::outlines));
    }

    private Mono<Map<String, Output>> outputs(Connection connection, String[] ids) {
        return Rows.of(
                        connection.createStatement(outputs).bind(0, ids),
                        row -> Map.entry(Rows.text(row, 0), output(row)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Output output(Readable row) {
        return new Output(
                Rows.text(row, 1),
                ByteBuffer.wrap(Rows.present(row.get(4, byte[].class))),
                Rows.present(row.get(3, Number.class)).intValue(),
                Sha256.fromBytes(Rows.present(row.get(2, byte[].class))));
    }

    private static Map<String, Outline> outlines(Map<String, Long> steps, Map<String, Output> outputs) {
        Map<String, Outline> outlines = new HashMap<>();
        steps.forEach((traceId, count) -> outlines.put(traceId, new Outline(count, outputs.get(traceId))));
        return outlines;
    }
}
