package io.reactivestore.testkit;

import io.reactivestore.Payload;
import io.reactivestore.ReactiveStore;
import io.reactivestore.Sha256;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** The data of one in-memory backend. Damage is done between the backend and the stores: nobody else reaches its bytes. */
final class InMemoryFixture implements StoreFixture {

    private static final StoreConfig CONFIG = StoreConfig.defaults().withFollowInterval(Duration.ofMillis(5));

    private final Set<String> damaged = ConcurrentHashMap.newKeySet();
    private final JournalBackend backend = new Damaged(new InMemoryBackend());

    @Override
    public ReactiveStore open() {
        return open(backend);
    }

    /** Opens a store over something that stands between it and the data. */
    static ReactiveStore open(JournalBackend backend) {
        return JournaledStore.over(backend, CONFIG);
    }

    JournalBackend backend() {
        return backend;
    }

    @Override
    public void corruptPayload(String traceId, long position) {
        damaged.add(traceId + "@" + position);
    }

    @Override
    public void corruptFact(Sha256 key) {
        damaged.add(key.toString());
    }

    @Override
    public void corruptSnapshot(String traceId, String version) {
        damaged.add(traceId + ":" + version);
    }

    @Override
    public OptionalInt connectionsInUse() {
        return OptionalInt.empty();
    }

    @Override
    public void close() {}

    private final class Damaged extends ForwardingBackend {
        Damaged(JournalBackend sound) {
            super(sound);
        }

        @Override
        public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
            return inner.read(traceId, afterPosition, limit)
                    .map(page -> page.stream().map(this::damage).toList());
        }

        private JournalEntry damage(JournalEntry entry) {
            Payload payload = entry.event().payload();
            if (payload == null || !damaged.contains(entry.traceId() + "@" + entry.position())) {
                return entry;
            }
            return new JournalEntry(
                    entry.traceId(), entry.position(), entry.writer(), with(damaged(payload), entry.event()));
        }

        private static Payload damaged(Payload payload) {
            byte[] bytes = payload.toByteArray();
            bytes[bytes.length / 2] ^= 1;
            return Payload.restored(bytes, payload.mediaType(), payload.hash());
        }

        private static JournalEvent with(Payload payload, JournalEvent event) {
            if (event instanceof JournalEvent.StepRecorded step) {
                return new JournalEvent.StepRecorded(step.envelope().withPayload(payload));
            } else if (event instanceof JournalEvent.Intervened decided) {
                return new JournalEvent.Intervened(decided.intervention().withPayload(payload));
            } else if (event instanceof JournalEvent.Completed completed) {
                return new JournalEvent.Completed(completed.completion().withResult(payload));
            }
            JournalEvent.Custom custom = (JournalEvent.Custom) event;
            return new JournalEvent.Custom(custom.type(), payload, custom.at());
        }

        @Override
        public Optional<FactBackend> facts() {
            return inner.facts().map(facts -> new Decorated.Facts(facts) {
                @Override
                public Mono<Payload> get(Sha256 key) {
                    return inner.get(key).map(fact -> damaged.contains(key.toString()) ? damaged(fact) : fact);
                }
            });
        }

        @Override
        public Optional<SnapshotBackend> snapshots() {
            return inner.snapshots().map(snapshots -> new SnapshotDefects.Bug(snapshots) {
                @Override
                public Mono<Boolean> save(Kept kept) {
                    return super.save(kept).doOnNext(saved -> {
                        if (saved) {
                            damaged.remove(kept.traceId() + ":" + kept.version());
                        }
                    });
                }

                @Override
                public Mono<Kept> find(String traceId, String version) {
                    return super.find(traceId, version)
                            .map(kept -> damaged.contains(traceId + ":" + version) ? damaged(kept) : kept);
                }
            });
        }

        private static SnapshotBackend.Kept damaged(SnapshotBackend.Kept kept) {
            return new SnapshotBackend.Kept(
                    kept.traceId(), kept.version(), kept.position(), kept.anchor(), damaged(kept.content()));
        }
    }
}
