package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Heartbeats and the ends of journals. How heads are reserved, and where hints come from, is the database's own. */
abstract class SqlClaims implements ClaimBackend {

    /** How long a silent writer that holds nothing is remembered. */
    private static final Duration MEMORY = Duration.ofHours(1);

    private static final String FORGET = """
            DELETE FROM ${schema}${prefix}engine WHERE alive_until < $1 AND NOT EXISTS (\
            SELECT 1 FROM ${schema}${prefix}trace WHERE holder = ${schema}${prefix}engine.writer AND status = 0)""";

    /** The earliest time of all, so that whatever the callers' clocks say, it has passed. */
    private static final String LEAVE = """
            UPDATE ${schema}${prefix}engine SET alive_until = TIMESTAMP WITH TIME ZONE '1583-01-01 00:00:00+00' \
            WHERE writer = $1""";

    private static final String IS_ALIVE =
            "SELECT 1 FROM ${schema}${prefix}engine WHERE writer = $1 AND alive_until > $2";

    private final Connections connections;
    private final String positions;
    private final String beat;
    private final String forget;
    private final String leave;
    private final String isAlive;

    SqlClaims(Connections connections, Tables tables, String beat, String positions) {
        this.connections = connections;
        this.positions = tables.in(positions);
        this.beat = tables.in(beat);
        this.forget = tables.in(FORGET);
        this.leave = tables.in(LEAVE);
        this.isAlive = tables.in(IS_ALIVE);
    }

    @Override
    public final Mono<Void> beat(long writer, String name, Instant until, Instant now) {
        return connections.write(
                "say that an engine lives",
                connection -> Rows.changed(connection
                                .createStatement(beat)
                                .bind(0, writer)
                                .bind(1, name)
                                .bind(2, time(until)))
                        .then(Mono.defer(() ->
                                Rows.changed(connection.createStatement(forget).bind(0, time(now.minus(MEMORY))))))
                        .then(Mono.defer(() -> sync(connection))));
    }

    @Override
    public final Mono<Void> leave(long writer) {
        return connections.write(
                "say that an engine leaves",
                connection -> Rows.changed(connection.createStatement(leave).bind(0, writer))
                        .then(Mono.defer(() -> sync(connection))));
    }

    @Override
    public final Mono<Boolean> isAlive(long writer, Instant now) {
        return connections.use(
                "see whether an engine lives",
                connection -> Rows.of(
                                connection
                                        .createStatement(isAlive)
                                        .bind(0, writer)
                                        .bind(1, time(now)),
                                row -> true)
                        .collectList()
                        .map(rows -> !rows.isEmpty()));
    }

    @Override
    public final Mono<Map<String, Long>> positions(Collection<String> traceIds) {
        return connections.use(
                "read positions", connection -> Rows.positions(connection.createStatement(positions), traceIds));
    }

    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** Makes durable what was committed. */
    Mono<Void> sync(Connection connection) {
        return Mono.empty();
    }

    /** Hears of each batch that was written, but for the traces left out. */
    void written(List<TraceAppend> batch, Set<String> leftOut) {}

    /** Releases what is owned. */
    Mono<Void> close() {
        return Mono.empty();
    }
}
