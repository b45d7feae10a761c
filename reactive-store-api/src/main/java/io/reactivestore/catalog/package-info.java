/** Finding and listing traces: {@link io.reactivestore.catalog.Catalog}. */
@NullMarked
package io.reactivestore.catalog;

import org.jspecify.annotations.NullMarked;
