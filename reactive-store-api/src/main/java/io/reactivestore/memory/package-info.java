/** The in-memory adapter: {@link io.reactivestore.memory.InMemoryStore}. */
@NullMarked
package io.reactivestore.memory;

import org.jspecify.annotations.NullMarked;
