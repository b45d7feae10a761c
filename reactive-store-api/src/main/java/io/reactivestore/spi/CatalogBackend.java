package io.reactivestore.spi;

import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceTags;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What an adapter adds so that its traces can be searched, described and deleted. See
 * {@link io.reactivestore.catalog.Catalog} for the meaning; {@link JournalBackend} for the manners.
 *
 * <pre>{@code
 * CatalogBackend catalog = backend.catalog().orElseThrow();
 * Mono<List<TraceHead>> newest = catalog.list(TraceQuery.newest(10));
 * }</pre>
 */
public interface CatalogBackend {

    /**
     * The traces in one status.
     *
     * @param status which
     * @param traces how many
     * @param oldest when the first was created
     * @param newest when the last was created
     */
    record Total(TraceStatus status, long traces, Instant oldest, Instant newest) {}

    /**
     * What a journal amounts to in a list.
     *
     * @param steps how many different steps have an outcome other than STARTED that is not void
     * @param output the result of its last completion, or null if it has none
     */
    record Outline(long steps, @Nullable Output output) {}

    /**
     * The beginning of a result.
     *
     * @param mediaType what the bytes are
     * @param start its first {@link io.reactivestore.catalog.ValuePreview#BYTES} bytes, or all there are
     * @param size how many bytes the whole has
     * @param hash of the whole
     */
    record Output(String mediaType, ByteBuffer start, int size, Sha256 hash) {}

    /**
     * Lists heads: by {@code createdAt} downwards, then by id downwards.
     *
     * @param query which
     * @return a Mono that emits them
     */
    Mono<List<TraceHead>> list(TraceQuery query);

    /**
     * Counts heads.
     *
     * @param filter which
     * @return a Mono that emits a total for each status that is met, in any order
     */
    Mono<List<Total>> totals(TraceFilter filter);

    /**
     * Reads a page of ids, in an order of the backend's own.
     *
     * @param after those behind this id, or null for the start
     * @param limit how many at the most
     * @return a Mono that emits them
     */
    Mono<List<String>> ids(@Nullable String after, int limit);

    /**
     * Finds the next workflow that has traces, in an order of the backend's own.
     *
     * @param after the next behind this one, or null for the first
     * @return a Mono that emits it, or is empty at the end
     */
    Mono<String> nextWorkflow(@Nullable String after);

    /**
     * Outlines journals.
     *
     * @param traceIds whose
     * @return a Mono that emits an outline for each known one
     */
    Mono<Map<String, Outline>> outlines(Collection<String> traceIds);

    /**
     * Reads tags.
     *
     * @param traceIds whose
     * @return a Mono that emits the tags of each trace that has some
     */
    Mono<Map<String, TraceTags>> tags(Collection<String> traceIds);

    /**
     * Puts tags in the place of others, in one commit.
     *
     * @param traceId the trace
     * @param expected what there must be
     * @param next what there shall be
     * @return a Mono that emits true once it is durable, or false if something else is there or the trace is unknown
     */
    Mono<Boolean> replaceTags(String traceId, TraceTags expected, TraceTags next);

    /**
     * Deletes everything of traces, in one commit. Left alone is a trace whose head is not as given any more in
     * {@code createdAt}, {@code updatedAt}, status or holder, and one with the status RUNNING, unless its holder is a recorded
     * writer taken to live not beyond {@code now}.
     *
     * <p>Afterwards {@link JournalBackend#append} must leave out whatever was decided on what is gone: an append with a
     * head and an expected position above 0 whose trace has no head, or one that was created at another time; and an
     * append without a head by a writer that started the trace, claimed it or resumed it, and had not rested or ended it
     * since. Every other append has a head.
     *
     * @param heads as they were read, each trace once
     * @param now the time
     * @return a Mono that emits, once it is durable, the ids of the traces that are gone
     */
    Mono<Set<String>> delete(List<TraceHead> heads, Instant now);

    /**
     * Gives how many traces the backend keeps at the most.
     *
     * @return empty if there is no bound
     */
    default OptionalLong capacity() {
        return OptionalLong.empty();
    }

    /**
     * Gives how many bytes of a value views show at the most.
     *
     * @return empty if there is no bound
     */
    default OptionalInt maxValueSizeBytes() {
        return OptionalInt.empty();
    }
}
