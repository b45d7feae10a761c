package io.reactivestore.memory;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.spi.FactBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Facts by key, notes by trace. A fact is looked at and removed in one step of its map, and put in one as well. */
final class InMemoryFacts implements FactBackend {

    private record Fact(Payload content, Instant touchedAt) {
        Fact touched(Instant now) {
            return now.isAfter(touchedAt) ? new Fact(content, now) : this;
        }
    }

    private record Mark(Instant notedAt, boolean settled) {
        Mark later(Mark other) {
            return settled || !other.notedAt().isAfter(notedAt) ? this : other;
        }
    }

    private final Map<Sha256, Fact> facts = new ConcurrentHashMap<>();
    private final Map<String, Map<Note, Mark>> notes = new ConcurrentHashMap<>();
    private final BiPredicate<String, Sha256> holds;

    /**
     * @param holds whether the journal of a trace holds a payload of this hash
     */
    InMemoryFacts(BiPredicate<String, Sha256> holds) {
        this.holds = holds;
    }

    @Override
    public Mono<Void> put(Payload content, @Nullable Note note, Instant now) {
        return Mono.fromRunnable(() -> {
            facts.compute(content.hash(), (key, known) -> known == null ? new Fact(content, now) : known.touched(now));
            if (note != null) {
                note(note, now);
            }
        });
    }

    private void note(Note note, Instant now) {
        notes.compute(note.traceId(), (id, known) -> {
            Map<Note, Mark> own = known == null ? new ConcurrentHashMap<>(1) : known;
            own.merge(note, new Mark(now, false), Mark::later);
            return own;
        });
    }

    @Override
    public Mono<List<Sha256>> note(Collection<Note> wanted, Instant now) {
        return Mono.fromSupplier(() -> {
            Set<Sha256> found = new LinkedHashSet<>();
            for (Note note : wanted) {
                if (facts.computeIfPresent(note.fact(), (key, known) -> known.touched(now)) != null) {
                    note(note, now);
                    found.add(note.fact());
                }
            }
            return List.copyOf(found);
        });
    }

    @Override
    public Mono<Payload> get(Sha256 key) {
        return Mono.defer(() -> {
            Fact fact = facts.get(key);
            return fact == null ? Mono.empty() : Mono.just(fact.content());
        });
    }

    @Override
    public Mono<List<Sha256>> references(String traceId) {
        return Mono.fromSupplier(() -> notes.getOrDefault(traceId, Map.of()).keySet().stream()
                .map(Note::fact)
                .distinct()
                .toList());
    }

    /** The trace is deleted. What was noted since it ended may be for a new one of the same id, as the next sweep finds out. */
    void forget(String traceId, Instant endedAt) {
        notes.computeIfPresent(traceId, (id, own) -> {
            own.values().removeIf(mark -> !mark.notedAt().isAfter(endedAt));
            own.replaceAll((note, mark) -> new Mark(mark.notedAt(), false));
            return own.isEmpty() ? null : own;
        });
    }

    @Override
    public Mono<Long> sweep(Instant before, int limit) {
        return Mono.fromSupplier(() -> {
            settle(before, limit);
            Set<Sha256> referred = notes.values().stream()
                    .flatMap(own -> own.keySet().stream())
                    .map(Note::fact)
                    .collect(Collectors.toSet());
            long removed = 0;
            for (Sha256 key : List.copyOf(facts.keySet())) {
                if (removed < limit && !referred.contains(key) && remove(key, before)) {
                    removed++;
                }
            }
            return removed;
        });
    }

    private void settle(Instant before, int limit) {
        int left = limit;
        for (Map<Note, Mark> own : notes.values()) {
            for (Map.Entry<Note, Mark> taken : own.entrySet()) {
                Note note = taken.getKey();
                Mark mark = taken.getValue();
                if (left > 0 && !mark.settled() && mark.notedAt().isBefore(before)) {
                    left--;
                    Mark settled = holds.test(note.traceId(), note.entry()) ? new Mark(mark.notedAt(), true) : null;
                    own.computeIfPresent(note, (same, now) -> now.equals(mark) ? settled : now);
                    notes.computeIfPresent(note.traceId(), (id, all) -> all.isEmpty() ? null : all);
                }
            }
        }
    }

    /** Whoever has noted it since has also put a later time. */
    private boolean remove(Sha256 key, Instant before) {
        Fact known = facts.get(key);
        return known != null && known.touchedAt().isBefore(before) && facts.remove(key, known);
    }
}
