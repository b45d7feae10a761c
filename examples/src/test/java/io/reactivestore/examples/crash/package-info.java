/** The engine dies at every call to a real database. */
@NullMarked
package io.reactivestore.examples.crash;

import org.jspecify.annotations.NullMarked;
