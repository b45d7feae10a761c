/** Which traces somebody has to take over, and taking them over: {@link io.reactivestore.claims.Claims}. */
@NullMarked
package io.reactivestore.claims;

import org.jspecify.annotations.NullMarked;
