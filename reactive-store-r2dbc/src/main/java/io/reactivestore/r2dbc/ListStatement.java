package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceCursor;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one statement that is put together by what is asked for. Without tags it is the union of what each pair of workflow and
 * status gives, each in the order of its index and no more than the limit of it, so that none reads more than it shows; with
 * tags the index of the first of them leads. All values are bound.
 */
final class ListStatement {

    private static final String NEWEST_FIRST = "created_at DESC, trace_id DESC";

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final String TAGGED = " FROM ${schema}${prefix}tag AS g JOIN ${schema}${prefix}trace AS t"
            + " ON t.trace_id = g.trace_id WHERE g.name = ";

    /** OFFSET 0 keeps PostgreSQL from joining in another order than that of the tags, whatever its statistics say. */
    private static final String TAGGED_IN_ORDER = " FROM ${schema}${prefix}tag AS g CROSS JOIN LATERAL ("
            + "SELECT * FROM ${schema}${prefix}trace WHERE trace_id = g.trace_id OFFSET 0) AS t WHERE g.name = ";

    private static final String HEAD_OF_TAGGED =
            "t.trace_id, t.workflow, t.version, t.status, t.holder, t.due_at, t.created_at, t.updated_at";

    private static final String TOTAL = "SELECT %s, COUNT(*), MIN(%s), MAX(%<s)";

    private final Database database;
    private final Map<Object, String> values = new LinkedHashMap<>();
    private final StringBuilder sql = new StringBuilder();

    private ListStatement(Database database) {
        this.database = database;
    }

    static Statement list(Database database, Tables tables, Connection connection, TraceQuery query) {
        ListStatement list = new ListStatement(database);
        if (query.filter().tags().values().isEmpty()) {
            list.heads(query);
        } else {
            list.taggedHeads(query);
        }
        return list.on(connection, tables);
    }

    static Statement totals(Database database, Tables tables, Connection connection, TraceFilter filter) {
        ListStatement list = new ListStatement(database);
        if (filter.tags().values().isEmpty()) {
            list.sql
                    .append(TOTAL.formatted("status", "created_at"))
                    .append(" FROM ${schema}${prefix}trace WHERE ")
                    .append(list.conditions("", filter))
                    .append(" GROUP BY status");
        } else {
            list.sql
                    .append(TOTAL.formatted("t.status", "t.created_at"))
                    .append(list.tagged(filter, false))
                    .append(" AND ")
                    .append(list.conditions("t.", filter))
                    .append(" GROUP BY t.status");
        }
        return list.on(connection, tables);
    }

    private void heads(TraceQuery query) {
        TraceFilter filter = query.filter();
        String most = bind((long) query.offset() + query.limit());
        List<String> parts = new ArrayList<>();
        for (TraceStatus status : filter.anyOf()) {
            String ofStatus =
                    "status = " + unforeseen(bind((short) status.ordinal())) + window("", filter, query.after());
            if (filter.workflows().isEmpty()) {
                parts(parts, ofStatus, query, "status, ", most);
            }
            for (String workflow : filter.workflows()) {
                String ofBoth = "workflow = " + bind(workflow) + " AND " + ofStatus;
                parts(parts, ofBoth, query, "workflow, status, ", most);
            }
        }
        union(parts, query);
    }

    /**
     * A planner that knew the status would, for some ten thousand traces that run or wait, combine the index of what is due with that
     * of lists: it takes one condition for two, so it expects a hundredth of the rows that PostgreSQL 18 then reads and sorts.
     */
    private String unforeseen(String status) {
        return database == Database.POSTGRESQL ? "(SELECT " + status + ")" : status;
    }

    /** H2 takes an index for its order only if the order begins where the index does; PostgreSQL passes over constants. */
    private void parts(List<String> parts, String conditions, TraceQuery query, String constants, String most) {
        for (String place : places("", query.after(), query.filter().createdTo() != null)) {
            parts.add("(SELECT " + Rows.HEAD + " FROM ${schema}${prefix}trace WHERE " + conditions + place
                    + " ORDER BY " + constants + NEWEST_FIRST + " LIMIT " + most + ")");
        }
    }

    /**
     * H2 uses no index for the comparison of rows, so what stands behind a place is two parts for it; and of two indexes that
     * begin with the status it takes the right one only if there is something to look up in the next column as well.
     */
    private List<String> places(String table, @Nullable TraceCursor after, boolean hasEnd) {
        if (after == null) {
            return List.of(
                    database == Database.POSTGRESQL || hasEnd
                            ? ""
                            : " AND " + table + "created_at <= " + bind(SqlClaims.time(LATEST)));
        }
        String time = bind(SqlClaims.time(after.createdAt()));
        String id = bind(after.traceId());
        String createdAt = table + "created_at";
        String traceId = table + "trace_id";
        return switch (database) {
            case POSTGRESQL -> List.of(" AND (%s, %s) < (%s, %s)".formatted(createdAt, traceId, time, id));
            case H2 ->
                List.of(
                        " AND %s = %s AND %s < %s".formatted(createdAt, time, traceId, id),
                        " AND %s < %s".formatted(createdAt, time));
        };
    }

    private void taggedHeads(TraceQuery query) {
        String conditions = " AND " + conditions("t.", query.filter());
        List<String> parts = new ArrayList<>();
        String most = bind((long) query.offset() + query.limit());
        String from = tagged(query.filter(), database == Database.POSTGRESQL);
        for (String place : places("g.", query.after(), false)) {
            parts.add("(SELECT " + HEAD_OF_TAGGED + from + place + conditions
                    + " ORDER BY g.name, g.tag_value, g.created_at DESC, g.trace_id DESC LIMIT " + most + ")");
        }
        union(parts, query);
    }

    private String tagged(TraceFilter filter, boolean inOrder) {
        Iterator<Map.Entry<String, String>> tags =
                filter.tags().values().entrySet().iterator();
        Map.Entry<String, String> first = tags.next();
        StringBuilder from = new StringBuilder(inOrder ? TAGGED_IN_ORDER : TAGGED)
                .append(bind(first.getKey()))
                .append(" AND g.tag_value = ")
                .append(bind(first.getValue()));
        while (tags.hasNext()) {
            Map.Entry<String, String> tag = tags.next();
            from.append(
                            " AND EXISTS (SELECT 1 FROM ${schema}${prefix}tag AS o WHERE o.trace_id = g.trace_id AND o.name = ")
                    .append(bind(tag.getKey()))
                    .append(" AND o.tag_value = ")
                    .append(bind(tag.getValue()))
                    .append(inOrder ? " OFFSET 0)" : ")");
        }
        return from.toString();
    }

    private String conditions(String table, TraceFilter filter) {
        String statuses = filter.anyOf().stream()
                .map(status -> bind((short) status.ordinal()))
                .collect(Collectors.joining(", ", table + "status IN (", ")"));
        String workflows = filter.workflows().isEmpty()
                ? ""
                : filter.workflows().stream()
                        .map(this::bind)
                        .collect(Collectors.joining(", ", " AND " + table + "workflow IN (", ")"));
        return statuses + workflows + window(table, filter, null);
    }

    /** H2 begins at the later of two ends, so a place within the window takes that of the window's. */
    private String window(String table, TraceFilter filter, @Nullable TraceCursor after) {
        String from = filter.createdFrom() == null
                ? ""
                : " AND " + table + "created_at >= " + bind(SqlClaims.time(filter.createdFrom()));
        Instant to = filter.createdTo();
        return to == null || (after != null && after.createdAt().isBefore(to))
                ? from
                : from + " AND " + table + "created_at < " + bind(SqlClaims.time(to));
    }

    private void union(List<String> parts, TraceQuery query) {
        sql.append("SELECT ")
                .append(Rows.HEAD)
                .append(" FROM (")
                .append(String.join(" UNION ALL ", parts))
                .append(") AS found")
                .append(" ORDER BY ")
                .append(NEWEST_FIRST)
                .append(" LIMIT ")
                .append(bind((long) query.limit()))
                .append(" OFFSET ")
                .append(bind((long) query.offset()));
    }

    private String bind(Object value) {
        String next = "$" + (values.size() + 1);
        String bound = values.putIfAbsent(value, next);
        return bound == null ? next : bound;
    }

    private Statement on(Connection connection, Tables tables) {
        Statement statement = connection.createStatement(tables.in(sql.toString()));
        int index = 0;
        for (Object value : values.keySet()) {
            statement.bind(index++, value);
        }
        return statement;
    }
}
