/**
 * What failed for good, and what became of it: {@link io.reactivestore.deadletters.DeadLetters}.
 *
 * <pre>{@code
 * DeadLetters letters = store.require(Capability.DEAD_LETTERS);
 * Flux<String> lines = letters.list(DeadLetterQuery.of(DeadLetterState.PENDING))
 *         .map(letter -> letter.traceId() + ": " + letter.cause());
 * Mono<Long> open = letters.counts().map(counts -> counts.getOrDefault(DeadLetterState.PENDING, 0L));
 * }</pre>
 */
@NullMarked
package io.reactivestore.deadletters;

import org.jspecify.annotations.NullMarked;
