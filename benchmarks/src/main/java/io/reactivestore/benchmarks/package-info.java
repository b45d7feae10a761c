/** Comparison of the store with its peers. */
@NullMarked
package io.reactivestore.benchmarks;

import org.jspecify.annotations.NullMarked;
