package io.reactivestore.memory;

import io.reactivestore.internal.Check;

/**
 * How much an in-memory store keeps and shows.
 *
 * <pre>{@code
 * ReactiveStore store = InMemoryStore.create(
 *         StoreConfig.defaults(), InMemoryLimits.none().withMaxTraces(1_000).withMaxValueSizeBytes(10_240));
 * }</pre>
 *
 * @param maxTraces how many traces are kept. Beyond it, of the traces that have ended the one goes that was neither read nor
 *     written for the longest; traces that have not ended all stay, so there may be more. Default: no limit. Set it where a
 *     process lives long and nobody deletes.
 * @param maxValueSizeBytes how many bytes of a value, in UTF-8, summaries show; the value itself stays whole. Default: no
 *     limit but that of {@link io.reactivestore.catalog.ValuePreview}. Set it where values are not for everybody's eyes.
 */
public record InMemoryLimits(int maxTraces, int maxValueSizeBytes) {

    /**
     * Checks the limits.
     *
     * @param maxTraces 1 or more
     * @param maxValueSizeBytes 0 or more
     * @throws IllegalArgumentException if one is out of range
     */
    public InMemoryLimits {
        Check.atLeast("maxTraces", maxTraces, 1);
        Check.atLeast("maxValueSizeBytes", maxValueSizeBytes, 0);
    }

    /**
     * No limits.
     *
     * @return limits that are never reached
     */
    public static InMemoryLimits none() {
        return new InMemoryLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * A copy with another number of traces.
     *
     * @param traces 1 or more
     * @return the copy
     * @throws IllegalArgumentException if it is below 1
     */
    public InMemoryLimits withMaxTraces(int traces) {
        return new InMemoryLimits(traces, maxValueSizeBytes);
    }

    /**
     * A copy with another size of what is shown.
     *
     * @param bytes 0 or more
     * @return the copy
     * @throws IllegalArgumentException if it is below 0
     */
    public InMemoryLimits withMaxValueSizeBytes(int bytes) {
        return new InMemoryLimits(maxTraces, bytes);
    }
}
