package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Completed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Compares what a store acknowledged with what it holds. For one thread. */
final class Audit {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Traces beyond the last acknowledged one in which an unacknowledged entry may stand. */
    static final int MARGIN = 64;

    private record Found(int number, List<JournalEntry> entries, Optional<TraceHead> head) {}

    private final Map<String, Map<String, Ack>> acknowledged = new TreeMap<>();
    private int acks;
    private int lastTrace;

    /** Takes an acknowledgement in. The same entry may be acknowledged again, but at the same place. */
    void add(Ack ack) {
        Ack before = acknowledged
                .computeIfAbsent(ack.traceId(), id -> new LinkedHashMap<>())
                .putIfAbsent(ack.key(), ack);
        assertThat(ack).as("an entry acknowledged twice").isEqualTo(before == null ? ack : before);
        lastTrace = Math.max(lastTrace, Integer.parseInt(ack.traceId().substring("trace-".length())));
        acks++;
    }

    int acks() {
        return acks;
    }

    int lastTrace() {
        return lastTrace;
    }

    /**
     * Checks everything: nothing acknowledged is missing or changed, no journal has a gap, no entry stands twice, no list is
     * there in part, nothing stands behind a completion, heads and journals agree.
     *
     * @return the number of entries found
     */
    int check(ReactiveStore store) {
        List<Found> traces = Flux.range(0, lastTrace + MARGIN)
                .flatMapSequential(number -> find(store, number), 8)
                .collectList()
                .block(LIMIT);
        int entries = 0;
        for (Found trace : traces) {
            check(trace);
            entries += trace.entries().size();
        }
        return entries;
    }

    private static Mono<Found> find(ReactiveStore store, int number) {
        String traceId = Workload.traceId(number);
        return store.require(Capability.JOURNAL)
                .read(traceId, 0)
                .collectList()
                .zipWith(
                        store.require(Capability.CATALOG)
                                .find(traceId)
                                .map(Optional::of)
                                .defaultIfEmpty(Optional.empty()),
                        (entries, head) -> new Found(number, entries, head))
                .retryWhen(Workload.WHILE_UNAVAILABLE);
    }

    private void check(Found found) {
        String traceId = Workload.traceId(found.number());
        Map<String, Ack> recorded = new LinkedHashMap<>();
        Map<String, JournalEvent> events = new LinkedHashMap<>();
        for (JournalEntry entry : found.entries()) {
            assertThat(entry.position()).as("positions of %s", traceId).isEqualTo(recorded.size() + 1L);
            Ack ack = Ack.of(traceId, entry.position(), entry.event());
            assertThat(recorded.put(ack.key(), ack))
                    .as("%s stands twice in %s", ack.key(), traceId)
                    .isNull();
            events.put(ack.key(), entry.event());
        }
        acknowledged.getOrDefault(traceId, Map.of()).forEach((key, ack) -> {
            assertThat(recorded.keySet())
                    .as("keys of %s, of which %s was acknowledged", traceId, ack)
                    .contains(key);
            if (ack.position() != Ack.ANYWHERE) {
                assertThat(recorded.get(key)).as("what was acknowledged").isEqualTo(ack);
            }
        });
        checkCalls(found.number(), new ArrayList<>(recorded.keySet()), events);
        checkHead(found);
    }

    private static void checkCalls(int number, List<String> recorded, Map<String, JournalEvent> events) {
        int expected = 0;
        for (Workload.Call call : Workload.calls(number)) {
            List<String> keys = call.events().stream().map(Ack::key).toList();
            int first = recorded.indexOf(keys.get(0));
            if (first >= 0) {
                assertThat(recorded.subList(first, Math.min(first + keys.size(), recorded.size())))
                        .as("what one call wrote to %s", call.traceId())
                        .isEqualTo(keys);
                call.events()
                        .forEach(event -> assertThat(events.get(Ack.key(event)))
                                .as("%s of %s", Ack.key(event), call.traceId())
                                .isEqualTo(event));
                expected += keys.size();
            }
        }
        assertThat(recorded).as("nothing but whole calls in trace %d", number).hasSize(expected);
    }

    private static void checkHead(Found found) {
        List<JournalEntry> entries = found.entries();
        String traceId = Workload.traceId(found.number());
        assertThat(found.head().isPresent()).as("head of %s", traceId).isEqualTo(!entries.isEmpty());
        if (entries.isEmpty()) {
            return;
        }
        long completions =
                entries.stream().filter(e -> e.event() instanceof Completed).count();
        boolean completedLast = entries.get(entries.size() - 1).event() instanceof Completed;
        assertThat(completions)
                .as("completions of %s, the last entry being one: %s", traceId, completedLast)
                .isEqualTo(completedLast ? 1 : 0);
        assertThat(found.head().orElseThrow().status())
                .as("head of %s", traceId)
                .isEqualTo(completedLast ? TraceStatus.SUCCESS : TraceStatus.RUNNING);
    }
}
