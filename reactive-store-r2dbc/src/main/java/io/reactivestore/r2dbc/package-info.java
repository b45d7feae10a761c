/** Stores on databases that speak R2DBC. */
@NullMarked
package io.reactivestore.r2dbc;

import org.jspecify.annotations.NullMarked;
