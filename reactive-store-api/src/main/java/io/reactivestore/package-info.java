/**
 * The contract of Reactive Store: {@link io.reactivestore.PersistenceStore} and its records, and
 * {@link io.reactivestore.ReactiveStore}, one backend seen whole.
 *
 * <p>A <em>trace</em> is one run of one workflow. Each trace has a <em>journal</em>: entries at the positions 1, 2, 3 ... without
 * gaps, never changed once written. The journal is the lock: two writers can never both write at one position, and the one that
 * comes second learns what the first one wrote.
 *
 * <pre>{@code
 * PersistenceStore traces = InMemoryStore.create().traces();
 * Mono<ResumeCursor> cursor = traces
 *         .append(PersistenceEnvelope.of("order-42", "order", 1, "reserve", Outcome.SUCCESS, Instant.now()))
 *         .then(traces.resume("order-42", 1));
 * }</pre>
 */
@NullMarked
package io.reactivestore;

import org.jspecify.annotations.NullMarked;
