package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.reactivestore.spi.TraceAppend;
import java.util.List;
import reactor.core.publisher.Mono;

/** How a database writes a batch best: the one thing in which the databases differ. */
interface BatchWriter {

    /**
     * Writes journal rows and heads in one commit, in the order given, all or nothing.
     *
     * @return a Mono that completes when the batch is durable, or signals the driver's error for SQLState 23505 if a position
     *     is taken; the connection is then usable and in no transaction
     */
    Mono<Void> write(Connection connection, List<TraceAppend> batch);

    /** Writes them in whatever transaction the connection is in, without beginning or ending one. */
    Mono<Void> rows(Connection connection, List<TraceAppend> batch);

    /** Makes what was committed on the connection durable. */
    Mono<Void> sync(Connection connection);
}
