package io.reactivestore.r2dbc;

import io.r2dbc.spi.Statement;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.spi.CatalogBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Lists and totals of heads; the rest is passed on. */
final class SqlCatalog implements CatalogBackend {

    private static final String IDS =
            "SELECT trace_id FROM ${schema}${prefix}trace WHERE trace_id > $1 ORDER BY trace_id LIMIT $2";

    private static final String NEXT_WORKFLOW =
            "SELECT workflow FROM ${schema}${prefix}trace WHERE workflow ${behind} ORDER BY workflow LIMIT 1";

    private final Database database;
    private final Tables tables;
    private final Connections connections;
    private final SqlOutlines outlines;
    private final SqlTags tags;
    private final SqlDeletion deletion;
    private final String ids;
    private final String nextWorkflow;

    SqlCatalog(Database database, Tables tables, Connections connections, BatchWriter writer) {
        this.database = database;
        this.tables = tables;
        this.connections = connections;
        this.outlines = new SqlOutlines(database, tables, connections);
        this.tags = new SqlTags(database, tables, connections, writer);
        this.deletion = new SqlDeletion(database, tables, connections, writer);
        this.ids = tables.in(IDS);
        this.nextWorkflow =
                tables.in(NEXT_WORKFLOW.replace("${behind}", database == Database.POSTGRESQL ? "> $1" : ">= $1"));
    }

    @Override
    public Mono<List<TraceHead>> list(TraceQuery query) {
        return connections.use(
                "list traces",
                connection -> Rows.of(ListStatement.list(database, tables, connection, query), Rows::head)
                        .collectList());
    }

    @Override
    public Mono<List<Total>> totals(TraceFilter filter) {
        return connections.use("count traces", connection -> {
            Statement totals = ListStatement.totals(database, tables, connection, filter);
            return Rows.of(
                            totals,
                            row -> new Total(
                                    TraceStatus.values()[Rows.present(row.get(0, Short.class))],
                                    Rows.number(row, 1),
                                    Rows.instant(row, 2),
                                    Rows.instant(row, 3)))
                    .collectList();
        });
    }

    @Override
    public Mono<List<String>> ids(@Nullable String after, int limit) {
        return connections.use(
                "list ids",
                connection -> Rows.of(
                                connection
                                        .createStatement(ids)
                                        .bind(0, after == null ? "" : after)
                                        .bind(1, (long) limit),
                                row -> Rows.text(row, 0))
                        .collectList());
    }

    @Override
    public Mono<String> nextWorkflow(@Nullable String after) {
        return connections.use("list workflows", connection -> {
            Statement next = connection.createStatement(nextWorkflow).bind(0, behind(after));
            return Rows.of(next, row -> Rows.text(row, 0)).next();
        });
    }

    /**
     * H2 2.4 reads all rows that are equal before it finds one that is greater. It compares letter by letter, and no letter of a
     * name is less than a space.
     */
    private String behind(@Nullable String workflow) {
        if (workflow == null) {
            return "";
        }
        return database == Database.POSTGRESQL ? workflow : workflow + " ";
    }

    @Override
    public Mono<Map<String, Outline>> outlines(Collection<String> traceIds) {
        return outlines.of(traceIds);
    }

    @Override
    public Mono<Map<String, TraceTags>> tags(Collection<String> traceIds) {
        return tags.of(traceIds);
    }

    @Override
    public Mono<Boolean> replaceTags(String traceId, TraceTags expected, TraceTags next) {
        return tags.replace(traceId, expected, next);
    }

    @Override
    public Mono<Set<String>> delete(List<TraceHead> heads, Instant now) {
        return deletion.delete(heads, now);
    }
}
