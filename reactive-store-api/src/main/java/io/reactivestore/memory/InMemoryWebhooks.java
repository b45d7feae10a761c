package io.reactivestore.memory;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.memory.InMemoryBackend.Cell;
import io.reactivestore.memory.InMemoryBackend.Log;
import io.reactivestore.spi.WebhookBackend;
import io.reactivestore.webhooks.Delivery;
import io.reactivestore.webhooks.DeliveryAttempt;
import io.reactivestore.webhooks.DeliveryState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Deliveries and their attempts lie with their traces. */
final class InMemoryWebhooks implements WebhookBackend {

    /** A delivery and what was recorded of it. */
    record Sent(Delivery delivery, List<DeliveryAttempt> attempts) {
        Sent with(Delivery next, @Nullable DeliveryAttempt attempt) {
            List<DeliveryAttempt> all = new ArrayList<>(attempts);
            if (attempt != null) {
                all.add(attempt);
            }
            return new Sent(next, List.copyOf(all));
        }
    }

    private static final Comparator<Delivery> OLDEST_FIRST =
            Comparator.comparing(Delivery::createdAt).thenComparing(Delivery::id);

    private final Map<String, Cell> cells;
    private final InMemoryDeadLetters letters;

    private final Whereabouts whereabouts;

    InMemoryWebhooks(Map<String, Cell> cells, InMemoryDeadLetters letters) {
        this.cells = cells;
        this.letters = letters;
        this.whereabouts = new Whereabouts(cells, (log, id) -> log.sent().containsKey(id));
    }

    /** A log with the deliveries in it that leave its trace; one that is there already, of whatever trace, stays. */
    Log add(Log log, List<Outgoing> outgoing) {
        Log next = log;
        for (Outgoing each : outgoing) {
            if (each instanceof Outgoing.ToWebhook sent
                    && !next.sent().containsKey(sent.delivery().id())
                    && sent(sent.delivery().id()) == null) {
                next = next.with(new Sent(sent.delivery(), List.of()));
            }
        }
        return next;
    }

    /** To be called once the deliveries are there. */
    void note(Log written, List<Outgoing> outgoing) {
        for (Outgoing each : outgoing) {
            if (each instanceof Outgoing.ToWebhook sent
                    && written.sent().containsKey(sent.delivery().id())) {
                whereabouts.note(sent.delivery().id(), sent.traceId());
            }
        }
    }

    Whereabouts whereabouts() {
        return whereabouts;
    }

    @Override
    public Mono<Delivery> find(String id) {
        return Mono.defer(() -> Mono.justOrEmpty(sent(id)).map(Sent::delivery));
    }

    private @Nullable Sent sent(String id) {
        Cell cell = whereabouts.of(id);
        return cell == null ? null : cell.now().sent().get(id);
    }

    @Override
    public Mono<List<Delivery>> ofTrace(String traceId, int limit) {
        return Mono.fromSupplier(() -> {
            Cell cell = cells.get(traceId);
            return cell == null
                    ? List.of()
                    : of(cell).sorted(OLDEST_FIRST).limit(limit).toList();
        });
    }

    private static Stream<Delivery> of(Cell cell) {
        return cell.now().sent().values().stream().map(Sent::delivery);
    }

    @Override
    public Mono<List<DeliveryAttempt>> attempts(String id) {
        return Mono.fromSupplier(() -> {
            Sent sent = sent(id);
            return sent == null ? List.of() : sent.attempts();
        });
    }

    @Override
    public Mono<Map<DeliveryState, Long>> counts() {
        return Mono.fromSupplier(() -> cells.values().stream()
                .flatMap(InMemoryWebhooks::of)
                .collect(Collectors.groupingBy(Delivery::state, Collectors.counting())));
    }

    @Override
    public Mono<List<Delivery>> reserve(Due due) {
        return Mono.fromSupplier(() -> {
            List<Delivery> reserved = new ArrayList<>();
            for (Delivery candidate : candidates(due)) {
                Delivery next = candidate.next(DeliveryState.PENDING, candidate.attempts(), due.until());
                if (reserved.size() < due.limit() && write(new Change(next, null, null))) {
                    reserved.add(next);
                }
            }
            return reserved;
        });
    }

    private List<Delivery> candidates(Due due) {
        return cells.values().stream()
                .flatMap(InMemoryWebhooks::of)
                .filter(delivery -> delivery.state() == DeliveryState.PENDING
                        && delivery.dueAt() != null
                        && !delivery.dueAt().isAfter(due.now())
                        && due.endpoints().contains(delivery.endpoint()))
                .sorted(Comparator.comparing(delivery -> Objects.requireNonNull(delivery.dueAt())))
                .toList();
    }

    @Override
    public Mono<Boolean> replace(Change change) {
        return Mono.fromSupplier(() -> write(change));
    }

    private boolean write(Change change) {
        Delivery next = change.next();
        Cell cell = whereabouts.of(next.id());
        while (cell != null) {
            Log now = cell.now();
            Sent before = now.sent().get(next.id());
            if (before == null || before.delivery().revision() + 1 != next.revision()) {
                return false;
            }
            Log written = now.with(before.with(next, change.attempt()));
            DeadLetter letter = change.letter();
            // others write to the trace meanwhile, which is no reason to fail
            if (cell.replace(now, letter == null ? written : letters.add(written, letter))) {
                if (letter != null) {
                    letters.note(letter);
                }
                return true;
            }
        }
        return false;
    }
}
