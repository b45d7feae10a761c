/**
 * The onboarding of an employee, as one durable workflow with a command line around it: run it, kill it half-way, take it up
 * again, approve it, look at its journal. {@link io.reactivestore.examples.onboarding.Onboarding} is the part to read; the rest
 * is terminal work.
 *
 * <pre>{@code
 * examples/demo                 # the guided tour
 * examples/demo run --name "Other Colleague"
 * examples/demo approve
 * examples/demo show
 * }</pre>
 */
@NullMarked
package io.reactivestore.examples.onboarding;

import org.jspecify.annotations.NullMarked;
