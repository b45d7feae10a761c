/**
 * What an adapter for another backend implements: {@link io.reactivestore.spi.JournalBackend}. A store over it is
 * {@link io.reactivestore.core.JournaledStore}; the conformance kit in {@code reactive-store-testkit} proves it.
 *
 * <pre>{@code
 * ReactiveStore store = JournaledStore.over(backend, StoreConfig.defaults());
 * }</pre>
 */
@NullMarked
package io.reactivestore.spi;

import org.jspecify.annotations.NullMarked;
