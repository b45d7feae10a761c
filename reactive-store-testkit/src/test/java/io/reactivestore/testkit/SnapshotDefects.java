package io.reactivestore.testkit;

import io.reactivestore.Payload;
import io.reactivestore.spi.SnapshotBackend;
import java.util.List;
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
                    return inner.remove(kept.traceId()).then(inner.save(kept));
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
            Defect.inSnapshots("S6", "what is saved is not kept", inner -> new Bug(inner) {
                @Override
                public Mono<Boolean> save(Kept kept) {
                    return Mono.just(true);
                }
            }));

    private SnapshotDefects() {}

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
        public Mono<Void> remove(String traceId) {
            return inner.remove(traceId);
        }
    }
}
