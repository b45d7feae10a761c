package io.reactivestore.memory;

import io.reactivestore.spi.SnapshotBackend;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** The latest snapshot of each version, by trace; none of a trace that is gone. */
final class InMemorySnapshots implements SnapshotBackend {

    private final Map<String, Map<String, Kept>> byTrace = new ConcurrentHashMap<>();
    private final Predicate<String> isThere;

    InMemorySnapshots(Predicate<String> isThere) {
        this.isThere = isThere;
    }

    @Override
    public Mono<Boolean> save(Kept snapshot) {
        return Mono.fromSupplier(() -> {
            String traceId = snapshot.traceId();
            Kept latest = byTrace.computeIfAbsent(traceId, id -> new ConcurrentHashMap<>())
                    .merge(
                            snapshot.version(),
                            snapshot,
                            (known, given) -> given.position() > known.position() ? given : known);
            // a trace that goes from here on takes its snapshots along
            if (!isThere.test(traceId)) {
                forget(traceId);
                return false;
            }
            return latest == snapshot;
        });
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
