package io.reactivestore.engine;

import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.testkit.ForwardingBackend;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A database whose writes take effect, and are answered, when the test says so, and which may be down. */
final class SlowBackend extends ForwardingBackend {

    private record Held(Predicate<JournalEvent> what, Sinks.Empty<Void> release, boolean effectFirst) {}

    private final AtomicReference<Held> held = new AtomicReference<>();
    private volatile @Nullable Throwable readError;

    SlowBackend(JournalBackend backend) {
        super(backend);
    }

    /** Holds back every write but those that record this node, until {@link #letGo}. */
    void holdBehind(String node) {
        hold(event -> !isAbout(event, node));
    }

    /** Holds back writes of such an event: they take effect when they are let go. */
    void hold(Predicate<JournalEvent> what) {
        held.set(new Held(what, Sinks.empty(), false));
    }

    /** Lets writes of such an event take effect at once, and holds the answers back. */
    void holdAnswers(Predicate<JournalEvent> what) {
        held.set(new Held(what, Sinks.empty(), true));
    }

    void letGo() {
        Held before = held.getAndSet(null);
        before.release().tryEmitEmpty();
    }

    /** The answers that are held back are errors. */
    void letFail(Throwable error) {
        Held before = held.getAndSet(null);
        before.release().tryEmitError(error);
    }

    /** Reading a journal fails with this error, until it is null. */
    void failReads(@Nullable Throwable error) {
        readError = error;
    }

    static boolean isAbout(JournalEvent event, String node) {
        return event instanceof JournalEvent.StepRecorded recorded
                && recorded.envelope().nodeId().equals(node);
    }

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return Mono.defer(() -> {
            Held now = held.get();
            if (now == null || !isHeld(batch, now.what())) {
                return inner.append(batch);
            }
            return now.effectFirst()
                    ? inner.append(batch)
                            .flatMap(leftOut -> now.release().asMono().then(Mono.just(leftOut)))
                    : now.release().asMono().then(inner.append(batch));
        });
    }

    private static boolean isHeld(List<TraceAppend> batch, Predicate<JournalEvent> what) {
        return batch.stream()
                .flatMap(append -> append.entries().stream())
                .map(JournalEntry::event)
                .anyMatch(what);
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return Mono.defer(() -> {
            Throwable error = readError;
            return error == null ? inner.read(traceId, afterPosition, limit) : Mono.error(error);
        });
    }
}
