package io.reactivestore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.core.JournaledStore;
import io.reactivestore.core.StoreConfig;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.facts.Facts;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import io.reactivestore.webhooks.Delivery;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Of a trace that is deleted, the memory of the backend holds nothing any more, wherever one looks. */
class NothingIsLeftTest {

    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    private final InMemoryBackend backend =
            new InMemoryBackend(InMemoryLimits.none().withMaxTraces(100));
    private final ReactiveStore store = JournaledStore.over(backend, StoreConfig.defaults());

    @Test
    void of_a_trace_that_is_deleted() throws IllegalAccessException {
        write("some-trace");
        assertThat(strings()).anyMatch(text -> text.contains("some-"));
        assertThat(store.require(Capability.CATALOG).delete("some-trace").block())
                .isTrue();
        Facts facts = store.require(Capability.FACTS);
        facts.sweep(Instant.now().plus(Duration.ofDays(1)), 100).block();
        assertThat(strings()).noneMatch(text -> text.contains("some-"));
    }

    @Test
    void of_a_trace_that_had_to_go() throws IllegalAccessException {
        write("some-trace");
        for (int i = 0; i < 100; i++) {
            write("other-" + i);
        }
        store.require(Capability.FACTS)
                .sweep(Instant.now().plus(Duration.ofDays(1)), 100)
                .block();
        assertThat(strings()).noneMatch(text -> text.contains("some-"));
    }

    /** Something of each kind that a trace can have. */
    private void write(String id) {
        Payload content = Payload.json("\"" + id + "\"");
        Delivery delivery = Delivery.due(id + "-delivery", id, "order", "1", "billing", "SUCCESS", content, AT);
        DeadLetter letter = DeadLetter.pending(id, id, "order", "1", DeadLetterCause.FAULT, AT);
        store.traces()
                .append(PersistenceEnvelope.of(id, "order", 0, "node", Outcome.SUCCESS, AT))
                .block();
        store.require(Capability.CATALOG)
                .update(id, tags -> tags.withSource(id))
                .block();
        store.require(Capability.FACTS).put(id, content).block();
        store.require(Capability.SNAPSHOTS).save(id, 1, "own", content).block();
        store.require(Capability.JOURNAL)
                .appendAfter(
                        id,
                        1,
                        List.of(new JournalEvent.Completed(Completion.of(CompletionState.FAULT, AT))),
                        List.of(new Outgoing.ToWebhook(delivery), new Outgoing.ToDeadLetters(letter)))
                .block();
    }

    /** All strings that can be reached from the backend. */
    private List<String> strings() throws IllegalAccessException {
        List<String> found = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Object> left = new ArrayList<>(List.of(backend));
        while (!left.isEmpty()) {
            Object next = left.remove(left.size() - 1);
            if (next == null || !seen.add(next)) {
                continue;
            }
            if (next instanceof String text) {
                found.add(text);
            } else if (next instanceof Map<?, ?> map) {
                left.addAll(map.keySet());
                left.addAll(map.values());
            } else if (next instanceof Collection<?> all) {
                left.addAll(all);
            } else if (next instanceof AtomicReference<?> reference) {
                left.add(reference.get());
            } else if (next.getClass().getName().startsWith("io.reactivestore") && !(next instanceof Enum<?>)) {
                for (Field field : next.getClass().getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        field.setAccessible(true);
                        left.add(field.get(next));
                    }
                }
            }
        }
        return found;
    }
}
