package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Several statements as one. */
final class Commit {

    private Commit() {}

    /** Runs the work in a transaction of its own, which ends with it; what it gave comes once it is durable. */
    static <T> Mono<T> of(Connection connection, BatchWriter writer, Supplier<Mono<T>> work) {
        return Mono.from(connection.beginTransaction())
                .then(Mono.defer(work))
                .flatMap(result -> Mono.from(connection.commitTransaction()).thenReturn(result))
                .onErrorResume(error -> Mono.from(connection.rollbackTransaction())
                        .onErrorComplete()
                        .then(Mono.error(error)))
                .flatMap(result -> writer.sync(connection).thenReturn(result));
    }
}
