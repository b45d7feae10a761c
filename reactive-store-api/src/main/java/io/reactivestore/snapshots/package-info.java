/**
 * What the entries of a long journal amount to, kept beside it: {@link io.reactivestore.snapshots.Snapshots}.
 *
 * <pre>{@code
 * Snapshots snapshots = store.require(Capability.SNAPSHOTS);
 * Mono<PersistedTrace> quick = snapshots.take("order-42", 512).then(store.traces().load("order-42"));
 * }</pre>
 */
@NullMarked
package io.reactivestore.snapshots;

import org.jspecify.annotations.NullMarked;
