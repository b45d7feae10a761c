/** The onboarding of an employee, as one durable workflow. */
@NullMarked
package io.reactivestore.examples.onboarding;

import org.jspecify.annotations.NullMarked;
