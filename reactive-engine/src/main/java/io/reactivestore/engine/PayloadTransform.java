package io.reactivestore.engine;

import io.reactivestore.Payload;
import reactor.core.publisher.Mono;

/**
 * Changes payloads on their way between the codec and the store: compresses them, encrypts them. An engine applies its transforms
 * in the order in which they were added, and in the reverse order on reading; see {@link EngineBuilder#transform}.
 *
 * <p>What a transform writes has a media type of its own, by which it knows it again; what it did not write it passes on as it is.
 * So a transform can be added to an engine whose traces are under way, and what others wrote stays readable.
 *
 * <pre>{@code
 * DurableEngine secret = DurableEngine.builder(store)
 *         .transform(PayloadTransform.compression())
 *         .transform(PayloadTransform.encryption(KeyService.of(EncryptionKey.of("2026-11", new byte[32]))))
 *         .build();
 * }</pre>
 */
public interface PayloadTransform {

    /**
     * Gives a transform that compresses payloads from 1 KiB on, where that makes them smaller, and takes none that would grow
     * beyond 16 MiB.
     *
     * @return deflate, in a frame of its own
     */
    static PayloadTransform compression() {
        return compression(1 << 10, 16 << 20);
    }

    /**
     * Gives a transform that compresses payloads, where that makes them smaller. What takes long is done on Reactor's parallel
     * threads.
     *
     * @param fromBytes the smallest size worth it
     * @param maxBytes the largest size that is written, and read: a small payload that would grow beyond is refused before it
     *     does
     * @return deflate, in a frame of its own
     * @throws IllegalArgumentException if a number is below 0
     */
    static PayloadTransform compression(int fromBytes, int maxBytes) {
        return new Compression(fromBytes, maxBytes);
    }

    /**
     * Gives a transform that encrypts every payload with the current key of a service, and decrypts with whichever key a payload
     * was encrypted with: AES-GCM, a random nonce of 96 bits for each. Key id and media type are readable, and bound to the
     * content. The same content gives other bytes each time. A payload may be moved within the database: it is not bound to its
     * trace, so that a fork can copy it. What is not encrypted is read as well, as it may have been written before. Messages of
     * failures, names, ids, tags and reasons of decisions are no payloads: they stay readable.
     *
     * @param keys gives the keys
     * @return the encryption
     */
    static PayloadTransform encryption(KeyService keys) {
        return new Encryption(keys);
    }

    /**
     * Changes a payload that is about to be recorded.
     *
     * @param payload what the codec, or the transform before, wrote
     * @return a Mono that emits what is recorded instead, or the same; it must not block. An error stops the run, and nothing is
     *     recorded.
     */
    Mono<Payload> write(Payload payload);

    /**
     * Gives back what {@link #write} was given.
     *
     * @param payload what is on record, perhaps by another transform or by none
     * @return a Mono that emits what was written, or the same if this transform did not write it; it must not block. An error
     *     stops the run.
     */
    Mono<Payload> read(Payload payload);
}
