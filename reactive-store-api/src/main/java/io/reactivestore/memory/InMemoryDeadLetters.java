package io.reactivestore.memory;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.memory.InMemoryBackend.Cell;
import io.reactivestore.memory.InMemoryBackend.Log;
import io.reactivestore.spi.DeadLetterBackend;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Dead letters lie with their traces. */
final class InMemoryDeadLetters implements DeadLetterBackend {

    private static final Comparator<DeadLetter> NEWEST_FIRST = Comparator.comparing(DeadLetter::createdAt)
            .thenComparing(DeadLetter::id)
            .reversed();

    private final Map<String, Cell> cells;
    private final Whereabouts whereabouts;

    InMemoryDeadLetters(Map<String, Cell> cells) {
        this.cells = cells;
        this.whereabouts = new Whereabouts(cells, (log, id) -> log.letters().containsKey(id));
    }

    /** A log with the letters in it that leave its trace. */
    Log add(Log log, List<Outgoing> outgoing) {
        Log next = log;
        for (Outgoing each : outgoing) {
            if (each instanceof Outgoing.ToDeadLetters sent) {
                next = add(next, sent.letter());
            } else if (each instanceof Outgoing.Settled settled) {
                DeadLetter there = next.letters().get(settled.traceId());
                next = there == null || there.state() != DeadLetterState.PENDING
                        ? next
                        : next.with(there.moved(DeadLetterState.RESOLVED, settled.at(), settled.reason()));
            }
        }
        return next;
    }

    /** A log with a letter in it, in the place of the one of the same id. */
    Log add(Log log, DeadLetter letter) {
        DeadLetter before = log.letters().get(letter.id());
        return log.with(letter.withRevision(before == null ? 1 : before.revision() + 1));
    }

    /** To be called once the letter is there. */
    void note(DeadLetter letter) {
        whereabouts.note(letter.id(), letter.traceId());
    }

    void note(List<Outgoing> outgoing) {
        for (Outgoing each : outgoing) {
            if (each instanceof Outgoing.ToDeadLetters sent) {
                note(sent.letter());
            }
        }
    }

    Whereabouts whereabouts() {
        return whereabouts;
    }

    @Override
    public Mono<DeadLetter> find(String id) {
        return Mono.defer(() -> {
            Cell cell = whereabouts.of(id);
            return cell == null
                    ? Mono.empty()
                    : Mono.justOrEmpty(cell.now().letters().get(id));
        });
    }

    @Override
    public Mono<List<DeadLetter>> list(DeadLetterQuery query) {
        DeadLetter after = query.after();
        return Mono.fromSupplier(() -> all().filter(letter -> query.state() == null || query.state() == letter.state())
                .filter(letter -> after == null || NEWEST_FIRST.compare(letter, after) > 0)
                .sorted(NEWEST_FIRST)
                .skip(query.offset())
                .limit(query.limit())
                .toList());
    }

    @Override
    public Mono<Map<DeadLetterState, Long>> counts() {
        return Mono.fromSupplier(() -> all().collect(Collectors.groupingBy(DeadLetter::state, Collectors.counting())));
    }

    private Stream<DeadLetter> all() {
        return cells.values().stream().flatMap(cell -> cell.now().letters().values().stream());
    }

    @Override
    public Mono<Boolean> replace(DeadLetter next) {
        return Mono.fromSupplier(() -> {
            Cell cell = whereabouts.of(next.id());
            while (cell != null) {
                Log now = cell.now();
                DeadLetter before = now.letters().get(next.id());
                if (before == null || before.revision() + 1 != next.revision()) {
                    return false;
                }
                // others write to the trace meanwhile, which is no reason to fail
                if (cell.replace(now, now.with(next))) {
                    return true;
                }
            }
            return false;
        });
    }
}
