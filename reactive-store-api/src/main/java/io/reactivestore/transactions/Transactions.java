package io.reactivestore.transactions;

import io.reactivestore.journal.JournalEvent;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The facet TRANSACTIONS: entries of the journal in a transaction of the caller's, so that they are there if and only if the
 * caller's own writes are. Each such append costs a read and a write of its own: it does not share the commit of others.
 *
 * <pre>{@code
 * Transactions<?> transactions = store.require(Capability.TRANSACTIONS);
 * boolean onR2dbc = transactions.connectionType().getName().equals("io.r2dbc.spi.Connection");
 * }</pre>
 *
 * @param <C> what a connection is in this store, such as {@code io.r2dbc.spi.Connection}
 */
public interface Transactions<C> {

    /**
     * Tells what a connection is in this store.
     *
     * @return the type of {@code C}
     */
    Class<C> connectionType();

    /**
     * Appends events through a connection of the caller's, in whatever transaction that is: never begins, commits or rolls back.
     * Until then, others who write to the same trace wait: append last and commit soon. Otherwise as
     * {@link io.reactivestore.journal.Journal#appendAfter}.
     *
     * @param connection a connection to the store's database, in a transaction with the isolation level READ COMMITTED
     * @param traceId the trace
     * @param seen the position up to which the caller has taken decisions in; {@code Long.MAX_VALUE} if they do not matter
     * @param events what to append
     * @return a Mono that emits the position of the last event, or signals what
     *     {@link io.reactivestore.journal.Journal#appendAfter} signals; the transaction should be rolled back then
     * @throws IllegalArgumentException if the list is not of the form that the journal takes
     */
    Mono<Long> append(C connection, String traceId, long seen, List<JournalEvent> events);

    /**
     * Runs something in a transaction on a connection of the store's own pool: commits when it completes, rolls back when it
     * fails or is cancelled. The connection is held meanwhile: keep it short.
     *
     * @param work what to do with the connection
     * @param <T> the type of the result
     * @return a Mono that emits the result once it is durable, or signals what the work signals
     */
    <T> Mono<T> inTransaction(Function<? super C, ? extends Mono<T>> work);
}
