package io.reactivestore.engine;

import java.util.Map;
import reactor.core.publisher.Mono;

/** Keys in memory. */
final class KeysAtHand implements KeyService {

    private final EncryptionKey current;
    private final Map<String, EncryptionKey> keys;

    KeysAtHand(EncryptionKey current, Map<String, EncryptionKey> keys) {
        this.current = current;
        this.keys = Map.copyOf(keys);
    }

    @Override
    public Mono<EncryptionKey> current() {
        return Mono.just(current);
    }

    @Override
    public Mono<EncryptionKey> find(String id) {
        return Mono.justOrEmpty(keys.get(id));
    }

    /** The ids, never the keys. */
    @Override
    public String toString() {
        return "keys " + keys.keySet();
    }
}
