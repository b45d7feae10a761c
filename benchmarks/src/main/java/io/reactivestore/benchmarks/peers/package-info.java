/** The contenders of the end-to-end comparison, each as its own documentation sets it up, and the process that one runs in. */
@NullMarked
package io.reactivestore.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
