package io.reactivestore.catalog;

import io.reactivestore.TraceHead;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a list for people shows of a trace.
 *
 * <pre>{@code
 * Flux<TraceSummary> newest = store.require(Capability.CATALOG).summaries(TraceQuery.newest(20));
 * Flux<String> lines = newest.map(trace -> trace.head().traceId() + ": " + trace.steps() + " steps");
 * }</pre>
 *
 * @param head the trace
 * @param tags what describes it
 * @param steps how many different steps have an outcome on record that is not void; those that have only begun do not count
 * @param duration from its first entry to its end, never below zero, or null if it has not ended
 * @param output the beginning of the result it ended with, or null if it has not ended, has no result, or one that is not text;
 *     of one that is kept as a fact, only size and hash
 */
public record TraceSummary(
        TraceHead head,
        TraceTags tags,
        long steps,
        @Nullable Duration duration,
        @Nullable ValuePreview output) {}
