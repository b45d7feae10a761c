package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.RESTED;
import static io.reactivestore.testkit.Samples.completed;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.rest;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.ReactiveStore;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.error.TraceNotFoundException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** GUARD: what a writer appends never passes a decision that the writer has not seen. */
abstract class GuardRules extends Subject {

    GuardRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void GUARD_with_no_decision_it_is_an_append_behind_whatever_stands_there() {
        append(0);
        append(1);
        assertThat(get(journal().appendAfter(TRACE, 0, List.of(recorded(step(TRACE, 2)), note("behind")))))
                .isEqualTo(4);
    }

    @Test
    void GUARD_no_event_passes_a_decision_its_writer_has_not_seen_and_the_refusal_changes_nothing() {
        append(0);
        run(open().traces().saveIntervention(TRACE, decision("d", "node-1")));
        Seen before = seen(TRACE);
        for (JournalEvent event :
                List.of(recorded(step(TRACE, 1)), rest(RESTED), completed(CompletionState.SUCCESS), note("a note"))) {
            PositionConflictException refusal =
                    refused(PositionConflictException.class, journal().appendAfter(TRACE, 1, List.of(event)));
            assertThat(refusal.expected()).isEqualTo(1);
            assertThat(refusal.actual()).isEqualTo(2);
        }
        assertThat(seen(TRACE)).isEqualTo(before);
    }

    @Test
    void GUARD_who_has_seen_it_appends_behind_it() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        append(1);
        assertThat(get(journal().appendAfter(TRACE, 2, List.of(recorded(step(TRACE, 2))))))
                .isEqualTo(4);
    }

    @Test
    void GUARD_no_event_passes_a_resumption_its_writer_has_not_seen_though_it_is_the_same_writer() {
        append(0, 1, 2);
        run(traces().resume(TRACE, 1));
        Seen before = seen(TRACE);
        PositionConflictException refusal = refused(
                PositionConflictException.class, journal().appendAfter(TRACE, 3, List.of(recorded(step(TRACE, 3)))));
        assertThat(refusal.actual()).isEqualTo(4);
        assertThat(seen(TRACE)).isEqualTo(before);
        assertThat(get(journal().appendAfter(TRACE, 4, List.of(recorded(step(TRACE, 2))))))
                .isEqualTo(5);
    }

    @Test
    void GUARD_a_list_is_refused_as_a_whole() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        refused(
                PositionConflictException.class,
                journal()
                        .appendAfter(
                                TRACE, 1, List.of(recorded(step(TRACE, 1)), recorded(step(TRACE, 2)), rest(RESTED))));
        assertThat(seen(TRACE).entries()).hasSize(2);
    }

    @Test
    void GUARD_what_is_on_record_is_absorbed_in_any_case() {
        append(0);
        append(1);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        assertThat(get(journal().appendAfter(TRACE, 1, List.of(recorded(step(TRACE, 1))))))
                .isEqualTo(2);
    }

    @Test
    void GUARD_an_unknown_trace_a_negative_position_and_an_illegal_list() {
        refused(TraceNotFoundException.class, journal().appendAfter("unknown", 0, List.of(note("a note"))));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().appendAfter(TRACE, -1, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal().appendAfter(TRACE, 0, List.of(recorded(step("other", 1)))));
    }

    /** Deciders and writers, each by its own store; a writer that is refused looks and tries again. */
    @Test
    void GUARD_of_racing_decisions_and_appends_each_append_knew_all_decisions_before_it() {
        append(0);
        ReactiveStore other = open();
        Map<Long, Long> seenBy = new ConcurrentHashMap<>();
        int each = 40;
        List<Mono<?>> all = new ArrayList<>();
        for (int i = 1; i <= each; i++) {
            int number = i;
            all.add(guarded(journal(), 0, number, seenBy));
            all.add(other.traces().saveIntervention(TRACE, decision("d" + number, "node-" + number)));
        }
        get(Flux.merge(Flux.fromIterable(all), 16).then(Mono.just(true)));

        List<JournalEntry> entries = seen(TRACE).entries();
        assertThat(entries).hasSize(1 + 2 * each);
        long decided = 0;
        for (JournalEntry entry : entries) {
            if (entry.event() instanceof JournalEvent.Intervened) {
                decided = entry.position();
            } else if (entry.position() > 1) {
                assertThat(seenBy.get(entry.position())).isGreaterThanOrEqualTo(decided);
            }
        }
    }

    private static Mono<Long> guarded(Journal journal, long seen, int step, Map<Long, Long> seenBy) {
        return journal.appendAfter(TRACE, seen, List.of(recorded(step(TRACE, step))))
                .doOnNext(position -> seenBy.put(position, seen))
                .onErrorResume(
                        PositionConflictException.class,
                        refused -> journal.read(TRACE, seen)
                                .last()
                                .flatMap(last -> guarded(journal, last.position(), step, seenBy)));
    }
}
