package io.reactivestore.spi;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * What an adapter adds so that dead letters can be kept. See {@link io.reactivestore.deadletters.DeadLetters} for the meaning;
 * {@link JournalBackend} for the manners. New letters come with {@link TraceAppend#outgoing()}.
 *
 * <pre>{@code
 * DeadLetterBackend letters = backend.deadLetters().orElseThrow();
 * Mono<DeadLetter> letter = letters.find("order-42");
 * }</pre>
 */
public interface DeadLetterBackend {

    /**
     * Reads one letter.
     *
     * @param id the letter
     * @return a Mono that emits it, or is empty
     */
    Mono<DeadLetter> find(String id);

    /**
     * Reads letters by {@code createdAt} downwards, then by id downwards.
     *
     * @param query which
     * @return a Mono that emits them
     */
    Mono<List<DeadLetter>> list(DeadLetterQuery query);

    /**
     * Counts letters.
     *
     * @return a Mono that emits how many there are in each state; states without letters may be missing
     */
    Mono<Map<DeadLetterState, Long>> counts();

    /**
     * Writes a letter over the one of the same id, if and only if the revision of that is one less.
     *
     * @param next the letter as it is to be
     * @return a Mono that emits, once it is durable, whether it was written
     */
    Mono<Boolean> replace(DeadLetter next);
}
