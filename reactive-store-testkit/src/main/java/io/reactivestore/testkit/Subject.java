package io.reactivestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactivestore.Capability;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceStore;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.Catalog;
import io.reactivestore.claims.Claims;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.error.StoreException;
import io.reactivestore.facts.Facts;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.snapshots.Snapshots;
import io.reactivestore.webhooks.Webhooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Mono;

/**
 * One group of tests. Each test gets a fixture of its own and a store over it; afterwards no connection may be in use, then all
 * stores and the fixture are closed.
 */
abstract class Subject {

    /** A guard against hanging, never a measure: these machines may stand still for long. */
    static final Duration HANG = Duration.ofSeconds(120);

    /** So long after the last call a connection that is still in use is one that nobody will give back. */
    private static final Duration RELEASE = Duration.ofSeconds(10);

    /** Rare work is done many times over in this mode. */
    static final boolean STRESS = Boolean.getBoolean("reactivestore.stress");

    /** The trace most tests write. */
    static final String TRACE = "trace-1";

    private final Supplier<StoreFixture> fixtures;
    private final List<ReactiveStore> opened = new ArrayList<>();
    private StoreFixture fixture;
    private ReactiveStore store;

    Subject(Supplier<StoreFixture> fixtures) {
        this.fixtures = fixtures;
    }

    @BeforeEach
    void openStore() {
        fixture = fixtures.get();
        store = open();
    }

    @AfterEach
    void leaveNothingBehind() {
        try {
            awaitNoConnectionInUse();
        } finally {
            opened.forEach(each -> run(each.close()));
            fixture.close();
        }
    }

    StoreFixture fixture() {
        return fixture;
    }

    ReactiveStore store() {
        return store;
    }

    PersistenceStore traces() {
        return store.traces();
    }

    /** Another process over the same data. */
    ReactiveStore open() {
        ReactiveStore another = fixture.open();
        opened.add(another);
        return another;
    }

    Journal journal() {
        return journal(store);
    }

    static Journal journal(ReactiveStore store) {
        return facet(store, Capability.JOURNAL);
    }

    static Catalog catalog(ReactiveStore store) {
        return facet(store, Capability.CATALOG);
    }

    static Claims claims(ReactiveStore store) {
        return facet(store, Capability.CLAIMS);
    }

    static DeadLetters letters(ReactiveStore store) {
        return facet(store, Capability.DEAD_LETTERS);
    }

    static Facts facts(ReactiveStore store) {
        return facet(store, Capability.FACTS);
    }

    static Webhooks webhooks(ReactiveStore store) {
        return facet(store, Capability.WEBHOOKS);
    }

    static Snapshots snapshots(ReactiveStore store) {
        return facet(store, Capability.SNAPSHOTS);
    }

    private static <F> F facet(ReactiveStore store, Capability<F> capability) {
        Optional<F> facet = store.find(capability);
        assumeTrue(facet.isPresent(), () -> "this store has no facet " + capability.name());
        return facet.orElseThrow();
    }

    static <T> T get(Mono<T> call) {
        return Objects.requireNonNull(call.block(HANG), "the call was empty");
    }

    static void run(Mono<?> call) {
        call.block(HANG);
    }

    static <E extends StoreException> E refused(Class<E> type, Mono<?> call) {
        Throwable signalled = catchThrowable(() -> call.block(HANG));
        assertThat(signalled).isInstanceOf(type);
        return type.cast(signalled);
    }

    long append(long... steps) {
        long position = 0;
        for (long step : steps) {
            position = get(traces().append(Samples.step(TRACE, step)));
        }
        return position;
    }

    PersistedTrace load() {
        return load(store, TRACE);
    }

    static PersistedTrace load(ReactiveStore store, String traceId) {
        return get(store.traces().load(traceId));
    }

    static List<JournalEntry> entries(ReactiveStore store, String traceId) {
        return get(journal(store).read(traceId, 0).collectList());
    }

    /** Who wrote an entry. */
    long writer(String traceId, int position) {
        return entries(store, traceId).get(position - 1).writer();
    }

    /** All that can be read of a trace, through a process that has nothing of it in memory. */
    Seen seen(String traceId) {
        return seen(open(), traceId);
    }

    static Seen seen(ReactiveStore store, String traceId) {
        return new Seen(
                store.traces().load(traceId).blockOptional(HANG),
                store.find(Capability.JOURNAL)
                        .map(journal -> get(journal.read(traceId, 0).collectList()))
                        .orElse(List.of()),
                store.find(Capability.CATALOG)
                        .flatMap(catalog -> catalog.find(traceId).blockOptional(HANG)));
    }

    record Seen(Optional<PersistedTrace> trace, List<JournalEntry> entries, Optional<TraceHead> head) {}

    /** Waits by working: each round trip gives the releases under way time to happen. */
    void awaitNoConnectionInUse() {
        OptionalInt inUse = fixture.connectionsInUse();
        if (inUse.orElse(0) > 0) {
            ReactiveStore witness = open();
            long start = System.nanoTime();
            while (inUse.orElse(0) > 0 && System.nanoTime() - start < RELEASE.toNanos()) {
                run(witness.traces().load("nobody"));
                Thread.yield();
                inUse = fixture.connectionsInUse();
            }
        }
        assertThat(inUse.orElse(0)).as("connections that nobody gave back").isZero();
    }

    /** Null where the contract forbids it, to see it refused. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T missing() {
        return null;
    }
}
