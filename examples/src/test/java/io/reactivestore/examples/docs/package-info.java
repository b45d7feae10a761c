/** Proves that the examples in Javadoc and README compile, and that no public type goes without one. */
@NullMarked
package io.reactivestore.examples.docs;

import org.jspecify.annotations.NullMarked;
