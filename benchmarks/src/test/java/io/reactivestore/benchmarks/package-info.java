@NullMarked
package io.reactivestore.benchmarks;

import org.jspecify.annotations.NullMarked;
