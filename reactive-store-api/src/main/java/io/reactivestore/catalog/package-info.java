/**
 * Finding, describing and deleting traces: {@link io.reactivestore.catalog.Catalog}. Lists come from the heads and never read
 * a journal; tags cost something only where they are used.
 *
 * <pre>{@code
 * Catalog catalog = store.require(Capability.CATALOG);
 * TraceFilter failedOrders = TraceFilter.ALL
 *         .withWorkflows("order")
 *         .withStatuses(TraceStatus.FAULT, TraceStatus.TIMED_OUT)
 *         .withSource("web");
 * Mono<TracePage> firstPage = catalog.page(TraceQuery.of(failedOrders, 50));
 * Mono<TraceTags> described = catalog.update("order-42", tags -> tags.with("ticket", "4711"));
 * Flux<Long> purged = catalog.purge(PurgePolicy.createdBefore(Instant.now().minus(Duration.ofDays(90))).keeping(1_000));
 * }</pre>
 */
@NullMarked
package io.reactivestore.catalog;

import org.jspecify.annotations.NullMarked;
