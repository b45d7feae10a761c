package io.reactivestore.spi;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What an adapter adds so that content can be kept by its hash. See {@link io.reactivestore.facts.Facts} for the meaning.
 *
 * <p>Two things are kept: facts, each with the time it was last put, and notes, each saying that a trace refers to a fact, with
 * the time it was last taken. A note is <em>settled</em> once the journal of its trace was found to hold the reference; journals
 * are never changed, so that is found once. Notes go with their trace, in the commit that {@linkplain CatalogBackend deletes} it.
 *
 * <pre>{@code
 * Optional<FactBackend> facts = backend.facts();
 * }</pre>
 */
public interface FactBackend {

    /**
     * That a trace refers to a fact.
     *
     * @param traceId the trace
     * @param fact the key of the fact
     * @param entry the hash of the payload by which an entry refers to it
     */
    record Note(String traceId, Sha256 fact, Sha256 entry) {}

    /**
     * Writes a fact, or the later time if it is there; and the note.
     *
     * @param content the fact
     * @param note which trace is about to refer to it, or null
     * @param now the time
     * @return a Mono that completes once both are durable
     */
    Mono<Void> put(Payload content, @Nullable Note note, Instant now);

    /**
     * Writes the later time to facts that are there, and the notes of these.
     *
     * @param notes which trace is about to refer to what; at least one
     * @param now the time
     * @return a Mono that emits, once that is durable, the keys of the facts that are there
     */
    Mono<List<Sha256>> note(Collection<Note> notes, Instant now);

    /**
     * Reads a fact.
     *
     * @param key its key
     * @return a Mono that emits it with this key as its recorded hash, unchecked; or is empty
     */
    Mono<Payload> get(Sha256 key);

    /**
     * Reads the notes of a trace.
     *
     * @param traceId the trace
     * @return a Mono that emits the keys of the facts
     */
    Mono<List<Sha256>> references(String traceId);

    /**
     * Settles or removes notes that are not settled, by the journals of their traces; and then removes facts without notes. Of
     * both only those whose time is before the given one, at the moment at which they are removed: what is put meanwhile stays.
     *
     * @param before the time
     * @param limit how many facts, and how many notes, at the most
     * @return a Mono that emits how many facts were removed
     */
    Mono<Long> sweep(Instant before, int limit);
}
