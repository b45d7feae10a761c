package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.CompletionState;
import io.reactivestore.PersistedTrace;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.catalog.TraceFilter;
import io.reactivestore.catalog.TraceQuery;
import io.reactivestore.catalog.TraceTags;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The facet JOURNAL: traces that come from elsewhere. */
abstract class RestoreRules extends Subject {

    RestoreRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    /** Of every kind, by two writers. */
    private void write() {
        append(0, 1, 2);
        run(open().traces().saveIntervention(TRACE, decision("d", "node-9")));
        ReactiveStore holder = open();
        run(holder.traces().resume(TRACE, 1));
        run(journal(holder).append(TRACE, List.of(note("why"))));
    }

    private List<JournalEntry> takenAway() {
        List<JournalEntry> journal = entries(store(), TRACE);
        assertThat(get(catalog(store()).delete(TRACE))).isTrue();
        assertThat(entries(open(), TRACE)).isEmpty();
        return journal;
    }

    @Test
    void RESTORE_gives_a_trace_that_has_ended_as_it_was() {
        write();
        ReactiveStore last = open();
        run(last.traces().resume(TRACE, 1));
        run(last.traces().complete(TRACE, end(CompletionState.FAULT)));
        PersistedTrace before = load();
        TraceHead head = get(catalog(store()).find(TRACE));
        List<JournalEntry> journal = takenAway();

        assertThat(get(journal(open()).restore(TRACE, journal))).isEqualTo(journal.size());

        assertThat(entries(open(), TRACE)).isEqualTo(journal);
        assertThat(load(open(), TRACE)).isEqualTo(before);
        assertThat(get(catalog(open()).find(TRACE))).isEqualTo(head);
    }

    @Test
    void RESTORE_of_an_open_trace_leaves_it_waiting_and_due_at_once() {
        append(0, 1);
        run(journal().append(TRACE, List.of(new JournalEvent.Suspended(null, AT))));
        List<JournalEntry> journal = takenAway();

        assertThat(get(journal(open()).restore(TRACE, journal))).isEqualTo(journal.size() + 1);

        assertThat(entries(open(), TRACE)).startsWith(journal.toArray(JournalEntry[]::new));
        TraceHead head = get(catalog(open()).find(TRACE));
        assertThat(head.status()).isEqualTo(TraceStatus.WAITING);
        assertThat(head).isEqualTo(load(open(), TRACE).head());
        assertThat(get(claims(open())
                        .due(
                                Set.of(head.workflow()),
                                head.updatedAt(),
                                head.updatedAt().plusSeconds(1),
                                10)
                        .collectList()))
                .extracting(TraceHead::traceId)
                .containsExactly(TRACE);
    }

    @Test
    void RESTORE_brings_tags_with_the_entries_and_changes_none_of_a_trace_that_is_there() {
        append(0, 1);
        run(traces().complete(TRACE, end(CompletionState.SUCCESS)));
        List<JournalEntry> journal = takenAway();
        TraceTags tags = TraceTags.NONE.withSource("elsewhere").with("customer", "ann");

        assertThat(get(journal(open()).restore(TRACE, journal, tags))).isEqualTo(journal.size());
        assertThat(get(catalog(open()).tags(TRACE))).isEqualTo(tags);
        TraceFilter byTag = TraceFilter.ALL.withTag("customer", "ann");
        assertThat(get(catalog(open()).list(TraceQuery.of(byTag, 10)).collectList()))
                .extracting(TraceHead::traceId)
                .containsExactly(TRACE);

        TraceTags others = TraceTags.NONE.with("customer", "bob");
        assertThat(get(journal(open()).restore(TRACE, journal, others))).isEqualTo(journal.size());
        assertThat(get(catalog(open()).tags(TRACE))).isEqualTo(tags);
    }

    @Test
    void RESTORE_of_the_same_again_is_absorbed_and_another_one_is_refused() {
        append(0, 1);
        run(journal().append(TRACE, List.of(new JournalEvent.Suspended(null, AT))));
        List<JournalEntry> journal = takenAway();
        long end = get(journal(open()).restore(TRACE, journal));

        assertThat(get(journal(open()).restore(TRACE, journal))).isEqualTo(end);
        List<JournalEntry> other = new ArrayList<>(journal);
        other.remove(other.size() - 1);
        assertThat(refused(PositionConflictException.class, journal(open()).restore(TRACE, other.subList(0, 1)))
                        .actual())
                .isEqualTo(end);
        assertThat(entries(open(), TRACE)).hasSize((int) end);
    }

    @Test
    void C5_a_journal_that_is_not_whole_throws_at_the_call() {
        write();
        List<JournalEntry> journal = entries(store(), TRACE);
        assertThatIllegalArgumentException().isThrownBy(() -> journal().restore(TRACE, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().restore(TRACE, missing()));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().restore("other", journal));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal().restore(TRACE, journal.subList(1, journal.size())));
        List<JournalEntry> gap = new ArrayList<>(journal);
        gap.remove(1);
        assertThatIllegalArgumentException().isThrownBy(() -> journal().restore(TRACE, gap));
    }
}
