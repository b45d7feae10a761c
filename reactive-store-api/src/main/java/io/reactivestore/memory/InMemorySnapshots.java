package io.reactivestore.memory;

import io.reactivestore.spi.SnapshotBackend;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** The latest snapshot of each version, by trace. */
final class InMemorySnapshots implements SnapshotBackend {

    private final Map<String, Map<String, Kept>> byTrace = new ConcurrentHashMap<>();

    @Override
    public Mono<Boolean> save(Kept snapshot) {
        return Mono.fromSupplier(() -> byTrace.computeIfAbsent(snapshot.traceId(), id -> new ConcurrentHashMap<>())
                        .merge(
                                snapshot.version(),
                                snapshot,
                                (known, given) -> given.position() > known.position() ? given : known)
                == snapshot);
    }

    @Override
    public Mono<Kept> find(String traceId, String version) {
        return Mono.defer(() -> {
            Map<String, Kept> kept = byTrace.get(traceId);
            return Mono.justOrEmpty(kept == null ? null : kept.get(version));
        });
    }

    @Override
    public Mono<Void> remove(Kept snapshot) {
        return Mono.fromRunnable(() -> byTrace.computeIfPresent(snapshot.traceId(), (traceId, own) -> {
            own.computeIfPresent(snapshot.version(), (version, known) -> isOf(snapshot, known) ? null : known);
            return own;
        }));
    }

    private static boolean isOf(Kept found, Kept known) {
        return known.position() == found.position() && known.anchor().equals(found.anchor());
    }

    /** The trace is deleted. */
    void forget(String traceId) {
        byTrace.remove(traceId);
    }
}
