package io.reactivestore.testkit;

import io.reactivestore.Capability;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.snapshots.Snapshots;
import io.reactivestore.spi.SnapshotBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Bugs of the facet SNAPSHOTS. */
final class SnapshotDefects {

    static final List<Defect> ALL = List.of(
            Defect.inSnapshots("S1", "all traces share one", inner -> new Bug(inner) {
                @Override
                public Mono<Boolean> save(Kept kept) {
                    return inner.save(new Kept("all", kept.version(), kept.position(), kept.anchor(), kept.content()));
                }

                @Override
                public Mono<Kept> find(String traceId, String version) {
                    return inner.find("all", version);
                }
            }),
            Defect.inSnapshots("S2", "the last one wins", inner -> new Bug(inner) {
                @Override
                public Mono<Boolean> save(Kept kept) {
                    return inner.find(kept.traceId(), kept.version())
                            .flatMap(inner::remove)
                            .then(Mono.defer(() -> inner.save(kept)));
                }
            }),
            Defect.inSnapshots("S3", "what is missing is kept at position 1", inner -> new Bug(inner) {
                @Override
                public Mono<Kept> find(String traceId, String version) {
                    return inner.find(traceId, version)
                            .switchIfEmpty(Mono.error(new IllegalStateException("none is kept")));
                }
            }),
            Defect.inSnapshots("S4", "damage is mended by a new hash", inner -> new Bug(inner) {
                @Override
                public Mono<Kept> find(String traceId, String version) {
                    return inner.find(traceId, version)
                            .map(kept -> new Kept(
                                    traceId,
                                    version,
                                    kept.position(),
                                    kept.anchor(),
                                    Payload.owning(
                                            kept.content().toByteArray(),
                                            kept.content().mediaType())));
                }
            }),
            Defect.inStore("S5", "nothing is read behind a snapshot", NoTail::new),
            Defect.inSnapshots("S6", "what is saved is not kept", inner -> new Bug(inner) {
                @Override
                public Mono<Boolean> save(Kept kept) {
                    return Mono.just(true);
                }
            }),
            Defect.inStore("S7", "nobody appends while a snapshot is taken", InTheWay::new));

    private SnapshotDefects() {}

    private abstract static class Taking extends Decorated.Store implements Snapshots {
        final Snapshots snapshots;

        Taking(ReactiveStore inner) {
            super(inner);
            snapshots = inner.require(Capability.SNAPSHOTS);
        }

        @Override
        public Mono<Boolean> save(String traceId, long position, String version, Payload content) {
            return snapshots.save(traceId, position, version, content);
        }

        @Override
        public Mono<Snapshot> latest(String traceId, String version) {
            return snapshots.latest(traceId, version);
        }
    }

    private static final class NoTail extends Taking {
        private static final Map<String, PersistedTrace> TAKEN = new ConcurrentHashMap<>();

        NoTail(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Boolean> take(String traceId, int entries) {
            return snapshots
                    .take(traceId, entries)
                    .flatMap(taken -> traces.load(traceId)
                            .doOnNext(trace -> TAKEN.put(traceId, trace))
                            .thenReturn(taken));
        }

        @Override
        public Mono<PersistedTrace> load(String traceId) {
            return snapshots
                    .latest(traceId, SnapshotRules.OWN)
                    .mapNotNull(kept -> TAKEN.get(traceId))
                    .switchIfEmpty(traces.load(traceId));
        }
    }

    private static final class InTheWay extends Taking {
        private static final AtomicInteger TAKING = new AtomicInteger();

        InTheWay(ReactiveStore inner) {
            super(inner);
        }

        @Override
        public Mono<Long> append(PersistenceEnvelope envelope) {
            return Mono.defer(() -> TAKING.get() == 0
                    ? super.append(envelope)
                    : Mono.error(new StoreUnavailableException(envelope.traceId(), "A snapshot is taken.", null)));
        }

        @Override
        public Mono<Boolean> take(String traceId, int entries) {
            return Mono.delay(Duration.ofMillis(2)) // as a round trip takes
                    .then(Mono.defer(() -> snapshots.take(traceId, entries)))
                    .doFirst(TAKING::incrementAndGet)
                    .doFinally(end -> TAKING.decrementAndGet());
        }
    }

    /** Does what the thing inside does. */
    static class Bug implements SnapshotBackend {
        private final SnapshotBackend inner;

        Bug(SnapshotBackend inner) {
            this.inner = inner;
        }

        @Override
        public Mono<Boolean> save(Kept snapshot) {
            return inner.save(snapshot);
        }

        @Override
        public Mono<Kept> find(String traceId, String version) {
            return inner.find(traceId, version);
        }

        @Override
        public Mono<Void> remove(Kept snapshot) {
            return inner.remove(snapshot);
        }
    }
}
