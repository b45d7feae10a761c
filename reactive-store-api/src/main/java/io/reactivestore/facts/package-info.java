/**
 * Content kept once, by its hash: {@link io.reactivestore.facts.Facts}. A journal then holds a small
 * {@linkplain io.reactivestore.facts.FactReference reference}.
 *
 * <pre>{@code
 * Facts facts = store.require(Capability.FACTS);
 * Mono<Long> noted = facts.put("order-42", Payload.json("[1, 2, 3]"))
 *         .map(reference -> new JournalEvent.Custom("picture", reference.toPayload(), Instant.now()))
 *         .flatMap(entry -> store.require(Capability.JOURNAL).append("order-42", List.of(entry)));
 * }</pre>
 */
@NullMarked
package io.reactivestore.facts;

import org.jspecify.annotations.NullMarked;
