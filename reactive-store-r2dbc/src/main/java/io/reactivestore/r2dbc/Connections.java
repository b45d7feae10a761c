package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The one place where connections are taken and given back: after success, error and cancel alike. Every use has a name, which
 * errors show.
 */
class Connections {

    private final ConnectionFactory factory;
    private final AtomicInteger inUse = new AtomicInteger();

    Connections(ConnectionFactory factory) {
        this.factory = factory;
    }

    /** Runs work on a connection of its own, which is given back as soon as the work is done, asked for or not. */
    <T> Mono<T> use(String operation, Function<Connection, Mono<T>> work) {
        return Mono.usingWhen(
                        Mono.from(factory.create()).doOnNext(c -> inUse.incrementAndGet()),
                        work,
                        this::giveBack,
                        (connection, error) -> giveBack(connection),
                        this::giveBack)
                // demand without limit: a subscriber that does not ask yet must not hold the connection
                .flux()
                .onBackpressureLatest()
                .singleOrEmpty()
                .onErrorMap(error -> Errors.translate(operation, error));
    }

    private Mono<Void> giveBack(Connection connection) {
        return Mono.from(connection.close()).doFinally(signal -> inUse.decrementAndGet());
    }

    /** How many connections are out now. */
    int inUse() {
        return inUse.get();
    }

    /** Releases what is owned. */
    Mono<Void> close() {
        return Mono.empty();
    }
}
