package io.reactivestore.examples.crash;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.reactivestore.engine.CrashEverywhere;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TransactionBackend;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A table beside the journals. */
final class SqlLedger implements CrashEverywhere.Ledger<Connection> {

    private final TransactionBackend<Connection> transactions;

    @SuppressWarnings("unchecked") // the databases here are reached by R2DBC
    SqlLedger(JournalBackend database) {
        transactions = (TransactionBackend<Connection>) database.transactions().orElseThrow();
        transactions
                .inTransaction(connection -> Flux.from(connection
                                .createStatement("CREATE TABLE ledger (note VARCHAR(255))")
                                .execute())
                        .flatMap(Result::getRowsUpdated)
                        .then())
                .block();
    }

    @Override
    public Class<Connection> connectionType() {
        return Connection.class;
    }

    @Override
    public Mono<Void> write(Connection connection, String note) {
        return Flux.from(connection
                        .createStatement("INSERT INTO ledger (note) VALUES ($1)")
                        .bind(0, note)
                        .execute())
                .flatMap(Result::getRowsUpdated)
                .then();
    }

    @Override
    public long count(String note) {
        return Objects.requireNonNull(transactions
                .inTransaction(connection -> Flux.from(connection
                                .createStatement("SELECT COUNT(*) FROM ledger WHERE note = $1")
                                .bind(0, note)
                                .execute())
                        .flatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, Long.class))))
                        .next())
                .block());
    }
}
