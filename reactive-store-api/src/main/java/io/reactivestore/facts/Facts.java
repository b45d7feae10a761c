package io.reactivestore.facts;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The facet FACTS: content that is kept once, whoever puts it and however often, under the SHA-256 of its bytes. What no trace
 * refers to any more is removed by {@link #sweep}.
 *
 * <p>A fact is put first, and then the entry that refers to it is appended; whoever dies in between leaves a fact that the sweep
 * removes. A trace refers to a fact as long as one of its entries holds the {@linkplain FactReference#toPayload() reference},
 * void or not; entries go with their trace.
 *
 * <pre>{@code
 * Facts facts = store.require(Capability.FACTS);
 * Mono<Payload> content = facts.put(Payload.json("[1, 2, 3]")).flatMap(facts::get);
 * Mono<Long> removed = facts.sweep(Instant.now().minus(Facts.GRACE), Facts.MAX_SWEEP);
 * }</pre>
 */
public interface Facts {

    /** The age from which a fact without a reference can be taken to be left over: far longer than any put is before its entry. */
    Duration GRACE = Duration.ofDays(1);

    /** The largest number of facts one sweep removes. */
    int MAX_SWEEP = 10_000;

    /**
     * Keeps a content. On subscription: writes it, or takes note that it was wanted again; the first media type stays. Putting
     * again does no harm. Nothing refers to it yet.
     *
     * @param content what to keep
     * @return a Mono that emits the key once the content is durable
     * @throws IllegalArgumentException if the content is larger than the store takes
     */
    Mono<Sha256> put(Payload content);

    /**
     * Keeps a content for an entry that is about to be appended to a trace: {@link #put(Payload)}, and the note that the trace
     * refers to it. The note holds until a sweep finds that the entry was not appended after all.
     *
     * @param traceId the trace; it need not exist yet
     * @param content what to keep
     * @return a Mono that emits the reference to append, once the content is durable
     * @throws IllegalArgumentException as {@link #put(Payload)}
     */
    Mono<FactReference> put(String traceId, Payload content);

    /**
     * Takes note that a trace is about to refer to facts that are kept already, as those of another trace.
     *
     * @param traceId the trace; it need not exist yet
     * @param references what the entries will hold; none is allowed
     * @return a Mono that completes once that is durable, or signals {@link io.reactivestore.error.FactMissingException} if one
     *     of them is not kept any more
     */
    Mono<Void> refer(String traceId, Collection<FactReference> references);

    /**
     * Reads a content.
     *
     * @param key its key
     * @return a Mono that emits it, with the media type it was first put with; empty if it is not kept; signals
     *     {@link io.reactivestore.error.PayloadCorruptedException} if the bytes are not those of the key
     */
    Mono<Payload> get(Sha256 key);

    /**
     * Reads a content as its reference describes it.
     *
     * @param traceId the trace that refers to it, for errors
     * @param reference what its entry holds
     * @return a Mono that emits it; signals {@link io.reactivestore.error.FactMissingException} if it is not kept, and
     *     {@link io.reactivestore.error.PayloadCorruptedException} if the bytes are not those of the key
     */
    Mono<Payload> get(String traceId, FactReference reference);

    /**
     * Tells what a trace refers to, or is about to.
     *
     * @param traceId the trace
     * @return the keys, each once, in no order; empty for a trace that refers to none
     */
    Flux<Sha256> references(String traceId);

    /**
     * Removes what is left over: first the notes of traces that hold no such entry, then the facts that nobody refers to, in
     * both cases only what was not put or noted since. Safe beside everything else: a content that is put meanwhile is there
     * afterwards. To be called now and then, with {@link #GRACE} or more, until it removes nothing.
     *
     * @param before nothing that was put, or noted, at this time or later is touched
     * @param limit how many facts at the most, 1 to {@value #MAX_SWEEP}
     * @return a Mono that emits how many facts were removed
     * @throws IllegalArgumentException if the limit is out of bounds
     */
    Mono<Long> sweep(Instant before, int limit);
}
