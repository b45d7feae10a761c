/** What becomes of the store and the engine as the data grows. */
@NullMarked
package io.reactivestore.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
