package io.reactivestore.spi;

import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * What an adapter adds so that entries can be written in a caller's transaction. See
 * {@link io.reactivestore.transactions.Transactions} for the meaning.
 *
 * <pre>{@code
 * Optional<? extends TransactionBackend<?>> transactions = backend.transactions();
 * }</pre>
 *
 * @param <C> the type of a connection
 */
public interface TransactionBackend<C> {

    /**
     * Tells what a connection is.
     *
     * @return the type
     */
    Class<C> connectionType();

    /**
     * Gives the backend as seen through a connection: its {@link JournalBackend#append} and its reads use that connection and
     * whatever transaction it is in, and neither begin nor end one.
     *
     * @param connection the caller's
     * @return a backend for one use, not to be closed
     */
    JournalBackend through(C connection);

    /**
     * Runs something in a transaction of its own.
     *
     * @param work what to do
     * @param <T> the type of the result
     * @return commits when the work completes, rolls back when it fails or is cancelled
     */
    <T> Mono<T> inTransaction(Function<? super C, ? extends Mono<T>> work);
}
