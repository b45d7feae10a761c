/**
 * A user's own writes and an entry of the journal in one transaction of the database:
 * {@link io.reactivestore.transactions.Transactions}.
 */
@NullMarked
package io.reactivestore.transactions;

import org.jspecify.annotations.NullMarked;
