package io.reactivestore.memory;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.internal.Check;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.memory.InMemoryWebhooks.Sent;
import io.reactivestore.spi.CatalogBackend;
import io.reactivestore.spi.ClaimBackend;
import io.reactivestore.spi.DeadLetterBackend;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.JournalBackend;
import io.reactivestore.spi.SnapshotBackend;
import io.reactivestore.spi.TraceAppend;
import io.reactivestore.spi.WebhookBackend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
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
 * readers read what they got; nobody waits. Without {@linkplain InMemoryLimits limits} it grows until it is let go.
 *
 * <pre>{@code
 * InMemoryBackend shared = new InMemoryBackend();
 * ReactiveStore one = JournaledStore.over(shared, StoreConfig.defaults());
 * ReactiveStore another = JournaledStore.over(shared, StoreConfig.defaults());
 * }</pre>
 */
public final class InMemoryBackend implements JournalBackend {

    record Link(JournalEntry entry, @Nullable Link before) {}

    /** All of a trace: what describes it and what leaves it is kept with it, so that one compare-and-set writes all. */
    record Log(
            @Nullable TraceHead head,
            @Nullable Link last,
            TraceTags tags,
            Map<String, DeadLetter> letters,
            Map<String, Sent> sent) {
        static final Log EMPTY = new Log(null, null, TraceTags.NONE, Map.of(), Map.of());

        /** The last content of a cell: a writer that still has the cell in hand must not write to it. By identity. */
        static final Log DELETED = new Log(null, null, TraceTags.NONE, Map.of(), Map.of());

        Log with(@Nullable TraceHead other) {
            return new Log(other, last, tags, letters, sent);
        }

        Log with(TraceTags other) {
            return new Log(head, last, other, letters, sent);
        }

        Log with(DeadLetter letter) {
            Map<String, DeadLetter> all = new HashMap<>(letters);
            all.put(letter.id(), letter);
            return new Log(head, last, tags, Map.copyOf(all), sent);
        }

        Log with(Sent next) {
            Map<String, Sent> all = new HashMap<>(sent);
            all.put(next.delivery().id(), next);
            return new Log(head, last, tags, letters, Map.copyOf(all));
        }

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

    private final Map<String, Cell> cells = new ConcurrentHashMap<>();
    private final InMemoryClaims claims = new InMemoryClaims(cells);
    private final RecentlyUsed used;
    private final InMemoryCatalog catalog;
    private final InMemoryDeadLetters letters = new InMemoryDeadLetters(cells);
    private final InMemorySnapshots snapshots = new InMemorySnapshots(cells::containsKey);
    private final InMemoryFacts facts = new InMemoryFacts(this::holds);
    private final InMemoryWebhooks webhooks = new InMemoryWebhooks(cells, letters);

    /** Makes a backend without traces and without limits. */
    public InMemoryBackend() {
        this(InMemoryLimits.none());
    }

    /**
     * Makes a backend without traces.
     *
     * @param limits what it keeps and shows at the most
     */
    public InMemoryBackend(InMemoryLimits limits) {
        Check.present("limits", limits);
        this.used = new RecentlyUsed(limits.maxTraces());
        this.catalog = new InMemoryCatalog(cells, claims, snapshots, facts, used, limits, this::forget);
    }

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
        boolean appended = write(append);
        if (appended && append.isNews()) {
            claims.tell(append.traceId());
        }
        return appended;
    }

    private boolean write(TraceAppend append) {
        Cell cell = cells.get(append.traceId());
        if (cell == null) {
            if (append.expectedPosition() > 0) {
                return false;
            }
            cell = cells.computeIfAbsent(append.traceId(), id -> new Cell());
        }
        Log now = cell.now();
        if (now == Log.DELETED) {
            cells.remove(append.traceId(), cell);
            return write(append);
        }
        if (now.position() != append.expectedPosition() || isOfAnother(now.head(), append)) {
            return false;
        }
        Link last = now.last();
        for (JournalEntry entry : append.entries()) {
            last = new Link(entry, last);
        }
        TraceHead head = append.head() == null ? now.head() : append.head();
        // if this fails, somebody else has just appended or reserved: to read again does no harm
        Log written = new Log(head, last, now.tags(), now.letters(), now.sent());
        Log next = with(written, append.outgoing());
        boolean appended = cell.replace(now, next);
        if (appended) {
            letters.note(append.outgoing());
            webhooks.note(next, append.outgoing());
            used.written(head, cells::size, catalog::evict);
        }
        return appended;
    }

    private void forget(Log deleted) {
        letters.whereabouts().forget(deleted.letters().keySet());
        webhooks.whereabouts().forget(deleted.sent().keySet());
    }

    /** Tells whether nothing is kept of anything that leaves traces. */
    boolean knowsNothingThatLeft() {
        return letters.whereabouts().isEmpty() && webhooks.whereabouts().isEmpty();
    }

    /** Whether the append was decided on a trace that was deleted, and is another now. */
    private static boolean isOfAnother(@Nullable TraceHead now, TraceAppend append) {
        return now != null
                && append.head() != null
                && !now.createdAt().equals(append.head().createdAt());
    }

    private Log with(Log next, List<Outgoing> outgoing) {
        return outgoing.isEmpty() ? next : webhooks.add(letters.add(described(next, outgoing), outgoing), outgoing);
    }

    private static Log described(Log next, List<Outgoing> outgoing) {
        Log described = next;
        for (Outgoing each : outgoing) {
            if (each instanceof Outgoing.ToCatalog first) {
                described = described.with(first.tags());
            }
        }
        return described;
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
            return cut(page);
        });
    }

    private static List<JournalEntry> cut(Iterable<JournalEntry> page) {
        List<JournalEntry> cut = new ArrayList<>();
        long bytes = 0;
        for (JournalEntry entry : page) {
            if (bytes < PAGE_BYTES) {
                Payload payload = entry.event().payload();
                bytes += payload == null ? 0 : payload.size();
                cut.add(entry);
            }
        }
        return cut;
    }

    @Override
    public Mono<TraceHead> head(String traceId) {
        return Mono.defer(() -> Mono.justOrEmpty(log(traceId).head()));
    }

    @Override
    public Mono<List<TraceHead>> recent(int limit) {
        return catalog.list(TraceQuery.newest(limit));
    }

    @Override
    public Optional<CatalogBackend> catalog() {
        return Optional.of(catalog);
    }

    @Override
    public Optional<ClaimBackend> claims() {
        return Optional.of(claims);
    }

    @Override
    public Optional<DeadLetterBackend> deadLetters() {
        return Optional.of(letters);
    }

    @Override
    public Optional<FactBackend> facts() {
        return Optional.of(facts);
    }

    @Override
    public Optional<WebhookBackend> webhooks() {
        return Optional.of(webhooks);
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
        if (cell == null) {
            return Log.EMPTY;
        }
        used.read(traceId);
        return cell.now();
    }
}
