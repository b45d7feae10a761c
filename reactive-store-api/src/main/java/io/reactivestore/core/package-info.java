/**
 * The semantics, once for all adapters: {@link io.reactivestore.core.JournaledStore} over a
 * {@link io.reactivestore.spi.JournalBackend}.
 *
 * <p>Users of an adapter meet only {@link io.reactivestore.core.StoreConfig}. The way of a call: {@code JournaledStore} makes a
 * command of it; {@code GroupCommit} hands it to the lane of its trace; the {@code Lane} judges it by the {@code Rules} against
 * the {@code TraceFold} it remembers, puts what is to be written into its next batch, and answers once the batch is durable.
 *
 * <pre>{@code
 * ReactiveStore store = JournaledStore.over(backend, StoreConfig.defaults());
 * }</pre>
 */
@NullMarked
package io.reactivestore.core;

import org.jspecify.annotations.NullMarked;
