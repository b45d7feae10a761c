/** Small parts alone, by JMH. */
@NullMarked
package io.reactivestore.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
