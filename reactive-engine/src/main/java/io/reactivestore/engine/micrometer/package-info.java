/**
 * What an engine does, as meters and observations of Micrometer. Needs {@code io.micrometer:micrometer-core} on the class path, which
 * nothing else here does.
 *
 * <pre>{@code
 * DurableEngine engine = DurableEngine.builder(store)
 *         .register(onboarding)
 *         .around(new StepObservations(observations))
 *         .build();
 * new EngineMeters(engine).bindTo(registry);
 * }</pre>
 */
@NullMarked
package io.reactivestore.engine.micrometer;

import org.jspecify.annotations.NullMarked;
