/** The database and the machine of a run, and what they did meanwhile. */
@NullMarked
package io.reactivestore.benchmarks.host;

import org.jspecify.annotations.NullMarked;
