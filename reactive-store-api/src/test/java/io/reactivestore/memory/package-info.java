/** Tests of what only the in-memory adapter has. */
@NullMarked
package io.reactivestore.memory;

import org.jspecify.annotations.NullMarked;
