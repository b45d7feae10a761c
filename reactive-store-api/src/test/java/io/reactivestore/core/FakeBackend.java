package io.reactivestore.core;

import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.memory.InMemoryBackend;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A backend that takes notes and answers when the test says so. What it holds is what {@link InMemoryBackend} holds, so another
 * store over {@link #data} is another process.
 */
final class FakeBackend implements JournalBackend {

    static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

    /** A call that has arrived and is not answered yet. */
    private record Held<T>(Mono<T> work, Sinks.One<T> answer) {
        void proceed() {
            work.subscribe(answer::tryEmitValue, answer::tryEmitError);
        }
    }

    final InMemoryBackend data = new InMemoryBackend();
    final List<List<TraceAppend>> batches = new CopyOnWriteArrayList<>();
    final List<List<String>> reads = new CopyOnWriteArrayList<>();
    final List<Long> pages = new CopyOnWriteArrayList<>();
    private final Queue<Held<?>> held = new ConcurrentLinkedQueue<>();
    private volatile boolean holding;
    private volatile boolean closed;
    private volatile int maxReads = 10_000;

    static PersistenceEnvelope step(String traceId, long step) {
        return PersistenceEnvelope.of(traceId, "order", step, "node-" + step, Outcome.SUCCESS, AT.plusSeconds(step))
                .withPayload(Payload.json("\"" + step + "\""));
    }

    /** A store that never loses patience, so that all happens on the thread of the test. */
    static StoreConfig patient() {
        return StoreConfig.defaults().withScheduler(VirtualTimeScheduler.create());
    }

    /** From now on calls wait for one of the answers below. */
    FakeBackend hold() {
        holding = true;
        return this;
    }

    /** Answers all that is held, and from now on each call at once. */
    void letGo() {
        holding = false;
        while (!held.isEmpty()) {
            answer();
        }
    }

    /** How many calls are under way. */
    int underWay() {
        return held.size();
    }

    /** Does the oldest call and answers it. */
    void answer() {
        next().proceed();
    }

    /** Fails the oldest call; nothing of it is done. */
    void fail(Throwable error) {
        next().answer().tryEmitError(error);
    }

    /** Does the oldest call, but its answer is lost on the way. */
    void loseAnswer(Throwable error) {
        Held<?> call = next();
        call.work().subscribe();
        call.answer().tryEmitError(error);
    }

    /** A guard for tests of what once read for ever. */
    FakeBackend allowReads(int max) {
        maxReads = max;
        return this;
    }

    boolean isClosed() {
        return closed;
    }

    /** The ids of the n-th batch, in its order. */
    List<String> ids(int batch) {
        return batches.get(batch).stream().map(TraceAppend::traceId).toList();
    }

    /** How many entries each batch had. */
    List<Integer> sizes() {
        return batches.stream()
                .map(batch -> batch.stream()
                        .mapToInt(append -> append.entries().size())
                        .sum())
                .toList();
    }

    private Held<?> next() {
        return Objects.requireNonNull(held.poll(), "no call is under way");
    }

    private <T> Mono<T> controlled(Mono<T> work) {
        if (!holding) {
            return work;
        }
        Held<T> call = new Held<>(work, Sinks.one());
        held.add(call);
        return call.answer().asMono();
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return Mono.defer(() -> {
            batches.add(List.copyOf(batch));
            return controlled(data.append(batch));
        });
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return Mono.defer(() -> {
            pages.add(afterPosition);
            return controlled(data.read(traceId, afterPosition, limit));
        });
    }

    @Override
    public Mono<Map<String, List<JournalEntry>>> readAll(Collection<String> traceIds, int limit) {
        return Mono.defer(() -> {
            if (reads.size() >= maxReads) {
                return Mono.error(new StoreFailedException(null, "more than " + maxReads + " reads", null));
            }
            reads.add(List.copyOf(traceIds));
            return controlled(data.readAll(traceIds, limit));
        });
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return data.head(traceId);
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return data.recent(limit);
    }

    @Override
    public Optional<CatalogBackend> catalog() {
        return data.catalog();
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return data.claims();
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> closed = true);
    }
}
