package io.reactivestore.r2dbc;

import io.r2dbc.postgresql.api.Notification;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.io.EOFException;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * What other connections NOTIFY, heard on one of its own, beside the pool, that is open while somebody listens. If it is lost,
 * another is opened; where the server or a pooler in between allows no LISTEN, there are no hints.
 */
final class PostgresHints {

    /** The channel of a store: by the number of its table, whatever schema, prefix and search path it was found with. */
    static final String CHANNEL = "concat('reactive_store_', '${schema}${prefix}trace'::regclass::oid)";

    private static final Duration MIN_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final String LISTENING = "";

    private final ConnectionFactory factory;
    private final String channel;
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Flux<String> heard;
    private volatile Mono<Void> released = Mono.empty();

    PostgresHints(ConnectionFactory factory, Tables tables) {
        this.factory = factory;
        this.channel = tables.in("SELECT " + CHANNEL);
        // the empty hint at the start of each connection resets the back-off
        Retry again = Retry.backoff(Long.MAX_VALUE, MIN_BACKOFF)
                .maxBackoff(MAX_BACKOFF)
                .transientErrors(true)
                .filter(error -> !(error instanceof UnsupportedOperationException));
        this.heard = Flux.usingWhen(connect(), this::listen, this::release)
                .concatWith(Mono.error(EOFException::new))
                .retryWhen(again)
                .onErrorResume(error -> Flux.never())
                .filter(hint -> !hint.equals(LISTENING))
                .takeUntilOther(closing.asMono())
                .publish()
                .refCount(1);
    }

    /** Never ends. */
    Flux<String> listen() {
        return heard.concatWith(Flux.never());
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            closing.tryEmitEmpty();
            return released.timeout(FAREWELL).onErrorComplete();
        });
    }

    /** Once begun, a log-in is not cancelled: what it opens would be left open. */
    private Mono<Connection> connect() {
        return Connections.shielded(Mono.<Connection>from(factory.create()), Runnable::run)
                .doOnDiscard(Connection.class, late -> Mono.from(late.close()).subscribe());
    }

    private Flux<String> listen(Connection connection) {
        if (!(Connections.own(connection) instanceof PostgresqlConnection own)) {
            return Flux.error(new UnsupportedOperationException("the driver's connection cannot be reached"));
        }
        return Rows.of(connection.createStatement(channel), row -> Rows.text(row, 0))
                .next()
                .flatMap(name -> Rows.changed(connection.createStatement("LISTEN " + name)))
                .thenMany(own.getNotifications()
                        .mapNotNull(Notification::getParameter)
                        .startWith(LISTENING));
    }

    private Mono<Void> release(Connection connection) {
        Mono<Void> farewell = Mono.from(connection.close()).cache();
        released = farewell;
        return farewell;
    }
}
