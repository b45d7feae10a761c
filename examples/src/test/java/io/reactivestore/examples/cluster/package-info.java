/** The engine on databases, as several processes run it. */
@NullMarked
package io.reactivestore.examples.cluster;

import org.jspecify.annotations.NullMarked;
