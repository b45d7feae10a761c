/** Durable execution of workflows on a store. */
@NullMarked
package io.reactivestore.engine;

import org.jspecify.annotations.NullMarked;
