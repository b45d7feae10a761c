package io.reactivestore.testkit;

import io.reactivestore.ReactiveStore;
import io.reactivestore.Sha256;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.WebhookBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A bug that somebody could have made.
 *
 * @param rule the rule it breaks: tests of that name must catch it
 * @param what the bug, in words
 * @param shownByHistories whether random histories must catch it as well
 * @param fixtures makes a fixture whose stores have the bug
 */
record Defect(String rule, String what, boolean shownByHistories, Function<InMemoryFixture, StoreFixture> fixtures) {

    static final Defect NONE = new Defect("none", "no bug at all", false, fixture -> fixture);

    /** No bug either: a backend may do without. */
    static final Defect NO_CLAIMS = inBackend("none", "no claims", backend -> new ForwardingBackend(backend) {
        @Override
        public Optional<ClaimBackend> claims() {
            return Optional.empty();
        }
    });

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(CommonDefects.ALL);
        all.addAll(TraceDefects.ALL);
        all.addAll(FacetDefects.ALL);
        all.addAll(ClaimDefects.ALL);
        all.addAll(CatalogDefects.ALL);
        all.addAll(DeadLetterDefects.ALL);
        all.addAll(FactDefects.ALL);
        all.addAll(WebhookDefects.ALL);
        all.addAll(SnapshotDefects.ALL);
        return all;
    }

    static Defect named(String name) {
        return Stream.concat(all().stream(), Stream.of(NO_CLAIMS))
                .filter(defect -> defect.toString().equals(name))
                .findFirst()
                .orElse(NONE);
    }

    /** A bug above the semantics. */
    static Defect inStore(String rule, String what, Function<ReactiveStore, ReactiveStore> bug) {
        return new Defect(rule, what, false, fixture -> new Fixture(fixture, store -> bug.apply(store.open())));
    }

    /** A bug of an adapter. */
    static Defect inBackend(String rule, String what, Function<JournalBackend, JournalBackend> bug) {
        return new Defect(
                rule,
                what,
                false,
                fixture -> new Fixture(fixture, data -> InMemoryFixture.open(bug.apply(data.backend()))));
    }

    /** A bug of an adapter, in what lets engines share traces. */
    static Defect inClaims(String rule, String what, Function<ClaimBackend, ClaimBackend> bug) {
        return inBackend(rule, what, backend -> new ForwardingBackend(backend) {
            @Override
            public Optional<ClaimBackend> claims() {
                return inner.claims().map(bug);
            }
        });
    }

    /** A bug of an adapter in keeping facts. */
    static Defect inFacts(String rule, String what, Function<FactBackend, FactBackend> bug) {
        return inBackend(rule, what, backend -> new ForwardingBackend(backend) {
            @Override
            public Optional<FactBackend> facts() {
                return inner.facts().map(bug);
            }
        });
    }

    /** A bug of an adapter in keeping snapshots. */
    static Defect inSnapshots(String rule, String what, Function<SnapshotBackend, SnapshotBackend> bug) {
        return inBackend(rule, what, backend -> new ForwardingBackend(backend) {
            @Override
            public Optional<SnapshotBackend> snapshots() {
                return inner.snapshots().map(bug);
            }
        });
    }

    /** A bug of an adapter in keeping dead letters. */
    static Defect inLetters(String rule, String what, Function<DeadLetterBackend, DeadLetterBackend> bug) {
        return inBackend(rule, what, backend -> new ForwardingBackend(backend) {
            @Override
            public Optional<DeadLetterBackend> deadLetters() {
                return inner.deadLetters().map(bug);
            }
        });
    }

    /** A bug of an adapter in keeping deliveries. */
    static Defect inWebhooks(String rule, String what, Function<WebhookBackend, WebhookBackend> bug) {
        return inBackend(rule, what, backend -> new ForwardingBackend(backend) {
            @Override
            public Optional<WebhookBackend> webhooks() {
                return inner.webhooks().map(bug);
            }
        });
    }

    /** A bug in giving connections back. */
    static Defect ofConnections(String rule, String what, BiFunction<ReactiveStore, AtomicInteger, ReactiveStore> bug) {
        return new Defect(rule, what, false, fixture -> {
            AtomicInteger inUse = new AtomicInteger();
            return new Fixture(fixture, data -> bug.apply(data.open(), inUse)) {
                @Override
                public OptionalInt connectionsInUse() {
                    return OptionalInt.of(inUse.get());
                }
            };
        });
    }

    Defect alsoShownByHistories() {
        return new Defect(rule, what, true, fixtures);
    }

    StoreFixture fixture() {
        return fixtures.apply(new InMemoryFixture());
    }

    @Override
    public String toString() {
        return rule + ": " + what;
    }

    private static class Fixture implements StoreFixture {
        private final InMemoryFixture data;
        private final Function<InMemoryFixture, ReactiveStore> opening;

        Fixture(InMemoryFixture data, Function<InMemoryFixture, ReactiveStore> opening) {
            this.data = data;
            this.opening = opening;
        }

        @Override
        public ReactiveStore open() {
            return opening.apply(data);
        }

        @Override
        public void corruptPayload(String traceId, long position) {
            data.corruptPayload(traceId, position);
        }

        @Override
        public void corruptFact(Sha256 key) {
            data.corruptFact(key);
        }

        @Override
        public void corruptSnapshot(String traceId, String version) {
            data.corruptSnapshot(traceId, version);
        }

        @Override
        public OptionalInt connectionsInUse() {
            return data.connectionsInUse();
        }

        @Override
        public void close() {
            data.close();
        }
    }
}
