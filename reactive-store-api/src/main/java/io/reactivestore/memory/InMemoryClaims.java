package io.reactivestore.memory;

import io.reactivestore.TraceHead;
import io.reactivestore.internal.Broadcast;
import io.reactivestore.memory.InMemoryBackend.Cell;
import io.reactivestore.memory.InMemoryBackend.Log;
import io.reactivestore.spi.ClaimBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Heartbeats beside the journals; a head is reserved by comparing and setting its cell. */
final class InMemoryClaims implements ClaimBackend {

    private static final Duration MEMORY = Duration.ofHours(1);

    /** The waiting ones, the longest overdue first, then the orphans. */
    private static final Comparator<TraceHead> IN_TURN = Comparator.comparing(TraceHead::status)
            .reversed()
            .thenComparing(TraceHead::dueAt, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(TraceHead::traceId);

    private final Map<String, Cell> cells;
    private final Map<Long, Instant> silentFrom = new ConcurrentHashMap<>();
    private final Broadcast<String> hints = new Broadcast<>();

    InMemoryClaims(Map<String, Cell> cells) {
        this.cells = cells;
    }

    @Override
    public Mono<Void> beat(long writer, String name, Instant until, Instant now) {
        return Mono.fromRunnable(() -> {
            silentFrom.put(writer, until);
            silentFrom.forEach((each, since) -> {
                if (since.isBefore(now.minus(MEMORY)) && !holdsAny(each)) {
                    silentFrom.remove(each, since);
                }
            });
        });
    }

    private boolean holdsAny(long writer) {
        return cells.values().stream()
                .map(cell -> cell.now().head())
                .anyMatch(head -> head != null && Objects.equals(head.holder(), writer));
    }

    @Override
    public Mono<Void> leave(long writer) {
        return Mono.fromRunnable(() -> silentFrom.replace(writer, Instant.MIN));
    }

    @Override
    public Mono<Boolean> isAlive(long writer, Instant now) {
        return Mono.fromSupplier(() -> {
            Instant silent = silentFrom.get(writer);
            return silent != null && silent.isAfter(now);
        });
    }

    @Override
    public Mono<List<TraceHead>> reserve(Due due) {
        return Mono.fromSupplier(() -> {
            List<TraceHead> reserved = new ArrayList<>();
            for (TraceHead candidate : candidates(due)) {
                if (reserved.size() < due.limit() && reserve(candidate, due.until())) {
                    reserved.add(candidate);
                }
            }
            return reserved;
        });
    }

    private List<TraceHead> candidates(Due due) {
        return cells.values().stream()
                .map(cell -> cell.now().head())
                .filter(head -> head != null && due.workflows().contains(head.workflow()) && isDue(head, due.now()))
                .sorted(IN_TURN)
                .toList();
    }

    private boolean isDue(TraceHead head, Instant now) {
        Instant dueAt = head.dueAt();
        return switch (head.status()) {
            case WAITING -> dueAt != null && !dueAt.isAfter(now);
            case RUNNING -> isSilent(head.holder(), now) && (dueAt == null || !dueAt.isAfter(now));
            default -> false;
        };
    }

    boolean isSilent(@Nullable Long holder, Instant now) {
        Instant since = holder == null ? null : silentFrom.get(holder);
        return since != null && !since.isAfter(now);
    }

    /** False if somebody else has just reserved the trace, appended to it or deleted it. */
    private boolean reserve(TraceHead candidate, Instant until) {
        Cell cell = cells.get(candidate.traceId());
        if (cell == null) {
            return false;
        }
        Log now = cell.now();
        return now.head() == candidate && cell.replace(now, now.with(candidate.withDueAt(until)));
    }

    @Override
    public Mono<Map<String, Long>> positions(Collection<String> traceIds) {
        return Mono.fromSupplier(() -> {
            Map<String, Long> positions = new HashMap<>();
            for (String traceId : traceIds) {
                Cell cell = cells.get(traceId);
                if (cell != null && cell.now().position() > 0) {
                    positions.put(traceId, cell.now().position());
                }
            }
            return positions;
        });
    }

    @Override
    public Flux<String> hints() {
        return hints.listen();
    }

    void tell(String traceId) {
        hints.tell(traceId);
    }
}
