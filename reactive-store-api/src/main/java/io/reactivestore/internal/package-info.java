/** Helpers shared by the packages of this module. Not part of the public contract: may change in any release. */
@NullMarked
package io.reactivestore.internal;

import org.jspecify.annotations.NullMarked;
