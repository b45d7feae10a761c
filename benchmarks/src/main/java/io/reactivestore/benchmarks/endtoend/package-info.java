/** Workflows from start to result, against the peers. */
@NullMarked
package io.reactivestore.benchmarks.endtoend;

import org.jspecify.annotations.NullMarked;
