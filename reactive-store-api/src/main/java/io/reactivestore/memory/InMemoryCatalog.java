package io.reactivestore.memory;

import io.reactivestore.Completion;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceCursor;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.catalog.ValuePreview;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.memory.InMemoryBackend.Cell;
import io.reactivestore.memory.InMemoryBackend.Link;
import io.reactivestore.memory.InMemoryBackend.Log;
import io.reactivestore.spi.CatalogBackend;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Searches all cells for each question; a trace is deleted by comparing and setting its cell. */
final class InMemoryCatalog implements CatalogBackend {

    private static final Comparator<TraceHead> NEWEST_FIRST = Comparator.comparing(TraceHead::createdAt)
            .thenComparing(TraceHead::traceId)
            .reversed();

    private final Map<String, Cell> cells;
    private final InMemoryClaims claims;
    private final RecentlyUsed used;
    private final InMemoryLimits limits;
    private final InMemorySnapshots snapshots;
    private final InMemoryFacts facts;
    private final Consumer<Log> deleted;

    InMemoryCatalog(
            Map<String, Cell> cells,
            InMemoryClaims claims,
            InMemorySnapshots snapshots,
            InMemoryFacts facts,
            RecentlyUsed used,
            InMemoryLimits limits,
            Consumer<Log> deleted) {
        this.cells = cells;
        this.claims = claims;
        this.snapshots = snapshots;
        this.facts = facts;
        this.used = used;
        this.limits = limits;
        this.deleted = deleted;
    }

    @Override
    public Mono<List<TraceHead>> list(TraceQuery query) {
        return Mono.fromSupplier(() -> matching(query.filter())
                .filter(head -> query.after() == null || isBehind(head, query.after()))
                .sorted(NEWEST_FIRST)
                .skip(query.offset())
                .limit(query.limit())
                .toList());
    }

    private Stream<TraceHead> matching(TraceFilter filter) {
        Map<String, String> tags = filter.tags().values();
        return cells.values().stream()
                .map(Cell::now)
                .filter(log -> log.tags().values().entrySet().containsAll(tags.entrySet()))
                .map(Log::head)
                .filter(Objects::nonNull)
                .filter(head -> filter.matches(head.workflow(), head.status(), head.createdAt()));
    }

    private static boolean isBehind(TraceHead head, TraceCursor place) {
        int byTime = head.createdAt().compareTo(place.createdAt());
        return byTime < 0 || (byTime == 0 && head.traceId().compareTo(place.traceId()) < 0);
    }

    @Override
    public Mono<List<Total>> totals(TraceFilter filter) {
        return Mono.fromSupplier(() -> {
            Map<TraceStatus, Total> totals = new EnumMap<>(TraceStatus.class);
            matching(filter)
                    .forEach(head -> totals.merge(
                            head.status(),
                            new Total(head.status(), 1, head.createdAt(), head.createdAt()),
                            InMemoryCatalog::sum));
            return List.copyOf(totals.values());
        });
    }

    private static Total sum(Total a, Total b) {
        return new Total(
                a.status(),
                a.traces() + b.traces(),
                a.oldest().isBefore(b.oldest()) ? a.oldest() : b.oldest(),
                a.newest().isAfter(b.newest()) ? a.newest() : b.newest());
    }

    @Override
    public Mono<List<String>> ids(@Nullable String after, int limit) {
        return Mono.fromSupplier(() -> matching(TraceFilter.ALL)
                .map(TraceHead::traceId)
                .filter(id -> after == null || id.compareTo(after) > 0)
                .sorted()
                .limit(limit)
                .toList());
    }

    @Override
    public Mono<String> nextWorkflow(@Nullable String after) {
        return Mono.defer(() -> Mono.justOrEmpty(matching(TraceFilter.ALL)
                .map(TraceHead::workflow)
                .filter(workflow -> after == null || workflow.compareTo(after) > 0)
                .min(Comparator.naturalOrder())));
    }

    @Override
    public Mono<Map<String, Outline>> outlines(Collection<String> traceIds) {
        return Mono.fromSupplier(() -> {
            Map<String, Outline> outlines = new HashMap<>();
            for (String traceId : traceIds) {
                Link last = now(traceId).last();
                if (last != null) {
                    outlines.put(traceId, outline(last));
                }
            }
            return outlines;
        });
    }

    /** From the end: what is void is known before it is met. */
    private static Outline outline(Link last) {
        Set<Long> steps = new HashSet<>();
        long valid = Long.MAX_VALUE;
        Completion end = null;
        for (Link link = last; link != null; link = link.before()) {
            JournalEvent event = link.entry().event();
            if (event instanceof Completed completed && end == null) {
                end = completed.completion();
            } else if (event instanceof Resumed resumed) {
                valid = Math.min(valid, resumed.fromStep());
            } else if (event instanceof StepRecorded recorded
                    && recorded.envelope().outcome() != Outcome.STARTED
                    && recorded.envelope().step() <= valid) {
                steps.add(recorded.envelope().step());
            }
        }
        return new Outline(steps.size(), end == null || end.result() == null ? null : output(end.result()));
    }

    private static Output output(Payload result) {
        ByteBuffer all = result.asByteBuffer();
        return new Output(
                result.mediaType(),
                all.slice(0, Math.min(ValuePreview.BYTES, all.remaining())),
                result.size(),
                result.hash());
    }

    @Override
    public Mono<Map<String, TraceTags>> tags(Collection<String> traceIds) {
        return Mono.fromSupplier(() -> {
            Map<String, TraceTags> tags = new HashMap<>();
            for (String traceId : traceIds) {
                TraceTags own = now(traceId).tags();
                if (!own.values().isEmpty()) {
                    tags.put(traceId, own);
                }
            }
            return tags;
        });
    }

    @Override
    public Mono<Boolean> replaceTags(String traceId, TraceTags expected, TraceTags next) {
        return Mono.fromSupplier(() -> {
            Cell cell = cells.get(traceId);
            if (cell == null) {
                return false;
            }
            Log now = cell.now();
            return now.head() != null && now.tags().equals(expected) && cell.replace(now, now.with(next));
        });
    }

    @Override
    public Mono<Set<String>> delete(List<TraceHead> heads, Instant now) {
        return Mono.fromSupplier(() -> {
            Set<String> gone = new HashSet<>();
            for (TraceHead head : heads) {
                if (delete(head, now)) {
                    gone.add(head.traceId());
                }
            }
            return gone;
        });
    }

    private boolean delete(TraceHead asRead, Instant time) {
        Cell cell = cells.get(asRead.traceId());
        if (cell == null) {
            return false;
        }
        for (Log now = cell.now(); isStill(asRead, now.head()); now = cell.now()) {
            if (asRead.status() == TraceStatus.RUNNING && !claims.isSilent(asRead.holder(), time)) {
                return false;
            }
            if (cell.replace(now, Log.DELETED)) {
                cells.remove(asRead.traceId(), cell);
                used.deleted(asRead.traceId());
                deleted.accept(now);
                snapshots.forget(asRead.traceId());
                facts.forget(asRead.traceId(), asRead.updatedAt());
                return true;
            }
        }
        return false;
    }

    private static boolean isStill(TraceHead asRead, @Nullable TraceHead now) {
        return now != null
                && now.status() == asRead.status()
                && Objects.equals(now.holder(), asRead.holder())
                && now.createdAt().equals(asRead.createdAt())
                && now.updatedAt().equals(asRead.updatedAt());
    }

    /** Lets a trace go that has ended. */
    void evict(String traceId) {
        Cell cell = cells.get(traceId);
        TraceHead head = cell == null ? null : cell.now().head();
        if (head != null && head.status() != TraceStatus.RUNNING && head.status() != TraceStatus.WAITING) {
            delete(head, Instant.EPOCH);
        }
    }

    @Override
    public OptionalLong capacity() {
        return used.isLimited() ? OptionalLong.of(used.maxTraces()) : OptionalLong.empty();
    }

    @Override
    public OptionalInt maxValueSizeBytes() {
        return limits.maxValueSizeBytes() < Integer.MAX_VALUE
                ? OptionalInt.of(limits.maxValueSizeBytes())
                : OptionalInt.empty();
    }

    private Log now(String traceId) {
        Cell cell = cells.get(traceId);
        return cell == null ? Log.EMPTY : cell.now();
    }
}
