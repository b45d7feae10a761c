package io.reactivestore.memory;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Journals in the memory of this process. Each is an immutable chain behind an atomic reference: writers compare and set,
 * readers read what they got; nobody waits. No limit: it grows until it is let go.
 *
 * <pre>{@code
 * InMemoryBackend shared = new InMemoryBackend();
 * ReactiveStore one = JournaledStore.over(shared, StoreConfig.defaults());
 * ReactiveStore another = JournaledStore.over(shared, StoreConfig.defaults());
 * }</pre>
 */
public final class InMemoryBackend implements JournalBackend {

    record Link(JournalEntry entry, @Nullable Link before) {}

    record Log(@Nullable TraceHead head, @Nullable Link last) {
        static final Log EMPTY = new Log(null, null);

        long position() {
            return last == null ? 0 : last.entry().position();
        }
    }

    static final class Cell {
        private final AtomicReference<Log> log = new AtomicReference<>(Log.EMPTY);

        Log now() {
            return Objects.requireNonNull(log.get());
        }

        boolean replace(Log now, Log next) {
            return log.compareAndSet(now, next);
        }
    }

    private static final Comparator<TraceHead> NEWEST_FIRST = Comparator.comparing(TraceHead::createdAt)
            .thenComparing(TraceHead::traceId)
            .reversed();

    private final Map<String, Cell> cells = new ConcurrentHashMap<>();
    private final InMemoryClaims claims = new InMemoryClaims(cells);
    private final InMemorySnapshots snapshots = new InMemorySnapshots();
    private final InMemoryFacts facts = new InMemoryFacts(this::holds);

    /** Makes a backend without traces. */
    public InMemoryBackend() {}

    @Override
    public Mono<Set<String>> append(List<TraceAppend> batch) {
        return Mono.fromSupplier(() -> {
            Set<String> leftOut = new HashSet<>(0);
            for (TraceAppend append : batch) {
                if (!append(append)) {
                    leftOut.add(append.traceId());
                }
            }
            return leftOut;
        });
    }

    private boolean append(TraceAppend append) {
        Cell cell = cells.get(append.traceId());
        if (cell == null) {
            if (append.expectedPosition() > 0) {
                return false;
            }
            cell = cells.computeIfAbsent(append.traceId(), id -> new Cell());
        }
        Log now = cell.now();
        if (now.position() != append.expectedPosition()) {
            return false;
        }
        Link last = now.last();
        for (JournalEntry entry : append.entries()) {
            last = new Link(entry, last);
        }
        TraceHead head = append.head() == null ? now.head() : append.head();
        // if this fails, somebody else has just appended or reserved: to read again does no harm
        boolean appended = cell.replace(now, new Log(head, last));
        if (appended && append.isNews()) {
            claims.tell(append.traceId());
        }
        return appended;
    }

    @Override
    public Mono<List<JournalEntry>> read(String traceId, long afterPosition, int limit) {
        return Mono.fromSupplier(() -> {
            ArrayDeque<JournalEntry> page = new ArrayDeque<>();
            long end = afterPosition + limit;
            Link link = log(traceId).last();
            while (link != null && link.entry().position() > afterPosition) {
                if (link.entry().position() <= end) {
                    page.addFirst(link.entry());
                }
                link = link.before();
            }
            return List.copyOf(page);
        });
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return Mono.defer(() -> Mono.justOrEmpty(log(traceId).head()));
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return Mono.fromSupplier(() -> cells.values().stream()
                .flatMap(cell -> Optional.ofNullable(cell.now().head()).stream())
                .sorted(NEWEST_FIRST)
                .limit(limit)
                .toList());
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return Optional.of(claims);
    }

    @Override
    public Optional<FactBackend> facts() {
        return Optional.of(facts);
    }

    @Override
    public Optional<SnapshotBackend> snapshots() {
        return Optional.of(snapshots);
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private boolean holds(String traceId, Sha256 payloadHash) {
        for (Link link = log(traceId).last(); link != null; link = link.before()) {
            Payload payload = link.entry().event().payload();
            if (payload != null && payload.hash().equals(payloadHash)) {
                return true;
            }
        }
        return false;
    }

    private Log log(String traceId) {
        Cell cell = cells.get(traceId);
        return cell == null ? Log.EMPTY : cell.now();
    }
}
