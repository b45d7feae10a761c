/**
 * The examples of the guide, run. Each lies between {@code // guide} and {@code // end}; the page holds the same lines, which
 * {@link io.reactivestore.examples.guide.GuidePageTest} compares.
 */
@NullMarked
package io.reactivestore.examples.guide;

import org.jspecify.annotations.NullMarked;
