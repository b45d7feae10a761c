package io.reactivestore.engine;

import java.util.Map;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/**
 * Gives the keys of {@link PayloadTransform#encryption}. It is asked for every payload, so one that asks elsewhere remembers what
 * it was told. To rotate keys, it gives a new current one; old ones are found by their id as long as payloads name them. A key is
 * good for some 2<sup>32</sup> payloads.
 *
 * <pre>{@code
 * KeyService keys = KeyService.of(EncryptionKey.of("2026-11", new byte[32]), EncryptionKey.of("2025-11", new byte[32]));
 * }</pre>
 */
public interface KeyService {

    /**
     * A service of keys that are at hand.
     *
     * @param current the key to encrypt with
     * @param old further keys to decrypt with
     * @return the service
     * @throws IllegalArgumentException if two keys have one id
     */
    static KeyService of(EncryptionKey current, EncryptionKey... old) {
        Map<String, EncryptionKey> keys = new TreeMap<>();
        keys.put(current.id(), current);
        for (EncryptionKey key : old) {
            if (keys.put(key.id(), key) != null) {
                throw new IllegalArgumentException("two keys have the id '" + key.id() + "'");
            }
        }
        return new KeysAtHand(current, keys);
    }

    /**
     * Gives the key to encrypt with.
     *
     * @return a Mono that emits it; it must not block
     */
    Mono<EncryptionKey> current();

    /**
     * Finds a key to decrypt with.
     *
     * @param id the id that a payload names
     * @return a Mono that emits the key, or is empty if there is none of that id; it must not block
     */
    Mono<EncryptionKey> find(String id);
}
