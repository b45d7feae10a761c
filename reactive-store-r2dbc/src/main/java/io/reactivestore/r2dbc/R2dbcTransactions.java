package io.reactivestore.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.TransactionBackend;
import java.util.List;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Entries in the transactions of others. What has begun runs to its end even if its caller cancels, as everywhere here. */
final class R2dbcTransactions implements TransactionBackend<Connection> {

    private final SqlBackend backend;
    private final Connections connections;
    private final BatchWriter writer;

    R2dbcTransactions(SqlBackend backend, Connections connections, BatchWriter writer) {
        this.backend = backend;
        this.connections = connections;
        this.writer = writer;
    }

    @Override
    public Class<Connection> connectionType() {
        return Connection.class;
    }

    @Override
    public JournalBackend through(Connection connection) {
        return backend.over(new Given(connection), new InSavepoint(writer));
    }

    @Override
    public <T> Mono<T> inTransaction(Function<? super Connection, ? extends Mono<T>> work) {
        return connections
                .use(
                        "run a transaction",
                        connection -> Mono.from(connection.beginTransaction())
                                .then(Mono.<T>defer(() -> work.apply(connection))
                                        .materialize())
                                .flatMap(end -> {
                                    // an error of the work is the caller's own and stays as it is
                                    Mono<Void> finished = end.isOnError()
                                            ? done(connection.rollbackTransaction())
                                                    .onErrorComplete()
                                            : done(connection.commitTransaction())
                                                    .then(writer.sync(connection));
                                    return finished.thenReturn(end);
                                }))
                .dematerialize();
    }

    private static Mono<Void> done(Publisher<Void> what) {
        return Mono.from(what);
    }

    /** The caller's connection, which is not taken and not given back. */
    private static final class Given extends Connections {

        private static final ConnectionFactory NO_FACTORY = new ConnectionFactory() {
            @Override
            public Publisher<? extends Connection> create() {
                return Mono.error(new IllegalStateException("there is only the connection that was given"));
            }

            @Override
            public ConnectionFactoryMetadata getMetadata() {
                return () -> "given";
            }
        };

        private final Connection connection;

        Given(Connection connection) {
            super(NO_FACTORY);
            this.connection = connection;
        }

        @Override
        <T> Mono<T> use(String operation, Function<Connection, Mono<T>> work) {
            return work.apply(connection).onErrorMap(error -> Errors.translate(operation, error));
        }
    }

    /** A collision must not cost the caller's transaction: PostgreSQL takes no further statement after an error. */
    private record InSavepoint(BatchWriter writer) implements BatchWriter {

        private static final String NAME = "reactive_store";

        @Override
        public Mono<Void> write(Connection connection, List<TraceAppend> batch) {
            return done(connection.createSavepoint(NAME))
                    .then(Mono.defer(() -> writer.rows(connection, batch)))
                    .then(Mono.defer(() -> done(connection.releaseSavepoint(NAME))))
                    .onErrorResume(error -> done(connection.rollbackTransactionToSavepoint(NAME))
                            .onErrorComplete()
                            .then(Mono.error(error)));
        }

        @Override
        public Mono<Void> rows(Connection connection, List<TraceAppend> batch) {
            return writer.rows(connection, batch);
        }

        @Override
        public Mono<Void> sync(Connection connection) {
            return writer.sync(connection);
        }
    }
}
