/**
 * What a store signals when it cannot do what was asked. All are {@link io.reactivestore.error.StoreException}; the caller's
 * one question, may I try again, is answered by {@link io.reactivestore.error.StoreException#isTransient()}.
 *
 * <pre>{@code
 * Retry whileTransient = Retry.backoff(3, Duration.ofMillis(100))
 *         .filter(error -> error instanceof StoreException trouble && trouble.isTransient());
 * Mono<Long> position = store.append(envelope).retryWhen(whileTransient);
 * }</pre>
 */
@NullMarked
package io.reactivestore.error;

import org.jspecify.annotations.NullMarked;
