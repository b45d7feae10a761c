/**
 * The conformance kit that every adapter runs. An adapter's own test is a few lines: a {@link io.reactivestore.testkit.StoreFixture
 * fixture}, and a class that hands it to {@link io.reactivestore.testkit.StoreConformance}.
 *
 * <pre>{@code
 * class H2FileConformanceTest extends StoreConformance {
 *     @Override
 *     protected StoreFixture fixture() {
 *         return new H2FileFixture();
 *     }
 * }
 * }</pre>
 *
 * <p>Each test is a sentence that starts with the number of the rule it proves, {@code C1} to {@code C7} and {@code T1} to
 * {@code T12} of {@link io.reactivestore.PersistenceStore}, with {@code WAIT} for traces that leave their engine's
 * memory, {@code FORK} for copies, or with the name of the facet, or with {@code MODEL} where random
 * histories are compared with the rules said once more. No test sleeps or asserts a duration;
 * time limits are guards against hanging. The kit is itself tested against stores that break one rule each.
 */
@NullMarked
package io.reactivestore.testkit;

import org.jspecify.annotations.NullMarked;
