/** Tables, plots and raw results as files. */
@NullMarked
package io.reactivestore.benchmarks.report;

import org.jspecify.annotations.NullMarked;
