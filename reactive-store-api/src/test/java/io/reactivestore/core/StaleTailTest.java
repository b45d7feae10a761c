package io.reactivestore.core;

import static io.reactivestore.core.FakeBackend.AT;
import static io.reactivestore.core.FakeBackend.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.CompletionState;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What a store remembers may be behind what another process wrote: nothing true is refused for that. */
class StaleTailTest {

    private final FakeBackend backend = new FakeBackend();
    private final ReactiveStore store = JournaledStore.over(backend, FakeBackend.patient());
    private final ReactiveStore otherProcess = JournaledStore.over(backend.data, FakeBackend.patient());

    @Test
    void a_trace_that_was_not_there_is_found_once_another_process_has_made_it() {
        Mono<Void> decide =
                store.traces().saveIntervention("a", Intervention.of("d-1", "node-2", InterventionAction.SKIP, AT));
        StepVerifier.create(decide).verifyError(TraceNotFoundException.class);
        otherProcess.traces().append(step("a", 1)).block();
        StepVerifier.create(decide).verifyComplete();
        StepVerifier.create(store.traces().complete("a", CompletionState.SUCCESS))
                .verifyComplete();
    }

    @Test
    void one_may_append_behind_what_another_process_wrote_and_one_has_read() {
        Journal journal = store.require(Capability.JOURNAL);
        store.traces().append(step("a", 1)).block();
        otherProcess.traces().append(step("a", 2)).block();
        long end = journal.read("a", 0).map(JournalEntry::position).blockLast();
        assertThat(end).isEqualTo(2);
        assertThat(journal.append("a", end, List.of(new JournalEvent.Custom("note", null, AT)))
                        .block())
                .isEqualTo(3);
    }

    @Test
    void an_append_of_nothing_tells_where_the_journal_ends_now() {
        Journal journal = store.require(Capability.JOURNAL);
        store.traces().append(step("a", 1)).block();
        otherProcess.traces().append(step("a", 2)).block();
        assertThat(journal.append("a", 2, List.of()).block()).isEqualTo(2);
    }
}
