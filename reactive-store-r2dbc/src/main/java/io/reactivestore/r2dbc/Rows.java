package io.reactivestore.r2dbc;

import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What statements give: rows, and columns that must be there. */
final class Rows {

    /** The columns of a head, as {@link #head} reads them. */
    static final String HEAD = "trace_id, workflow, version, status, holder, due_at, created_at, updated_at";

    interface Mapper<T> {
        T map(Readable row);
    }

    private Rows() {}

    static <T> Flux<T> of(Statement statement, Mapper<T> mapper) {
        return Flux.from(statement.execute()).flatMap(result -> result.map(mapper::map));
    }

    /** Runs a statement for its effect; gives how many rows it changed. */
    static Mono<Long> changed(Statement statement) {
        return Flux.from(statement.execute())
                .flatMap(result -> result.getRowsUpdated())
                .reduce(0L, Long::sum);
    }

    /** Runs a statement about these traces that gives a position for each known one. */
    static Mono<Map<String, Long>> positions(Statement statement, Collection<String> traceIds) {
        return of(statement.bind(0, traceIds.toArray(String[]::new)), row -> Map.entry(text(row, 0), number(row, 1)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    static TraceHead head(Readable row) {
        OffsetDateTime dueAt = row.get(5, OffsetDateTime.class);
        return new TraceHead(
                text(row, 0),
                text(row, 1),
                text(row, 2),
                TraceStatus.values()[present(row.get(3, Short.class))],
                row.get(4, Long.class),
                dueAt == null ? null : dueAt.toInstant(),
                instant(row, 6),
                instant(row, 7));
    }

    static String text(Readable row, int column) {
        return present(row.get(column, String.class));
    }

    static long number(Readable row, int column) {
        return present(row.get(column, Long.class));
    }

    static Instant instant(Readable row, int column) {
        return present(row.get(column, OffsetDateTime.class)).toInstant();
    }

    static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
