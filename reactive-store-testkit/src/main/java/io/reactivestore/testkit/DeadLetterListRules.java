package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.note;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.deadletters.DeadLetterQuery;
import io.reactivestore.deadletters.DeadLetterState;
import io.reactivestore.deadletters.DeadLetters;
import io.reactivestore.journal.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The facet DEAD_LETTERS: D6, lists by state, newest first, in pages; D7, counts by state. */
abstract class DeadLetterListRules extends Subject {

    private static final Instant NOW = AT.plusSeconds(5_000);
    private static final Comparator<DeadLetter> ORDER = Comparator.comparing(DeadLetter::createdAt)
            .thenComparing(DeadLetter::id)
            .reversed();

    DeadLetterListRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheFacet() {
        letters(store());
    }

    @Test
    void D6_the_newest_come_first_and_the_id_breaks_ties() {
        for (String id : List.of("b", "B", "a-1", "a1", "c")) {
            send(id, AT);
        }
        send("older", AT.minusNanos(1_000));
        send("newer", AT.plusNanos(1_000));
        assertThat(ids(DeadLetterQuery.all())).containsExactly("newer", "c", "b", "a1", "a-1", "B", "older");
    }

    @Test
    void D6_a_list_of_a_state_holds_that_state_only() {
        send("pending", AT);
        send("resolved", AT);
        send("replaying", AT);
        send("replayed", AT);
        DeadLetters letters = letters(store());
        get(letters.resolve("resolved", "why", NOW));
        get(letters.beginReplay("replaying", "new", NOW, NOW));
        get(letters.endReplay(get(letters.beginReplay("replayed", "new", NOW, NOW)), NOW));
        for (DeadLetterState state : DeadLetterState.values()) {
            assertThat(ids(DeadLetterQuery.of(state)))
                    .containsExactly(state.name().toLowerCase(Locale.ROOT));
        }
        assertThat(ids(DeadLetterQuery.all())).hasSize(4);
    }

    @Test
    void D6_pages_by_key_and_by_offset_show_every_letter_once_in_order() {
        List<DeadLetter> sent = manyLetters();
        for (DeadLetterQuery query : List.of(
                DeadLetterQuery.all(),
                DeadLetterQuery.of(DeadLetterState.PENDING),
                DeadLetterQuery.of(DeadLetterState.RESOLVED))) {
            List<String> expected = sent.stream()
                    .filter(letter -> query.state() == null || letter.state() == query.state())
                    .sorted(ORDER)
                    .map(DeadLetter::id)
                    .toList();
            assertThat(byKey(query.withLimit(7))).isEqualTo(expected);
            assertThat(byOffset(query.withLimit(7))).isEqualTo(expected);
            assertThat(ids(query.withLimit(DeadLetterQuery.MAX_LIMIT))).isEqualTo(expected);
        }
    }

    private List<DeadLetter> manyLetters() {
        List<DeadLetter> sent = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            DeadLetter letter = send("trace-" + random.nextInt(1_000_000) + "-" + i, AT.plusSeconds(random.nextInt(8)));
            sent.add(i % 3 == 0 ? get(letters(store()).resolve(letter.id(), "why", NOW)) : letter);
        }
        return sent;
    }

    private List<String> byKey(DeadLetterQuery first) {
        List<String> all = new ArrayList<>();
        DeadLetterQuery query = first;
        List<DeadLetter> page = list(query);
        while (!page.isEmpty() && all.size() < 1_000) {
            page.forEach(letter -> all.add(letter.id()));
            query = query.after(page.get(page.size() - 1));
            page = list(query);
        }
        return all;
    }

    private List<String> byOffset(DeadLetterQuery query) {
        List<String> all = new ArrayList<>();
        List<String> page = ids(query);
        while (!page.isEmpty() && all.size() < 1_000) {
            all.addAll(page);
            page = ids(query.withOffset(all.size()));
        }
        return all;
    }

    @Test
    void D6_a_page_by_key_is_not_moved_by_letters_that_come_meanwhile() {
        for (int i = 0; i < 10; i++) {
            send("trace-" + i, AT.plusSeconds(i));
        }
        List<DeadLetter> first = list(DeadLetterQuery.all().withLimit(5));
        send("newest", AT.plusSeconds(100));
        assertThat(ids(DeadLetterQuery.all().after(first.get(4))))
                .containsExactly("trace-4", "trace-3", "trace-2", "trace-1", "trace-0");
    }

    @Test
    void D7_counts_tell_how_many_there_are_in_each_state() {
        assertThat(get(letters(store()).counts()))
                .isEqualTo(Map.of(
                        DeadLetterState.PENDING, 0L,
                        DeadLetterState.REPLAYING, 0L,
                        DeadLetterState.REPLAYED, 0L,
                        DeadLetterState.RESOLVED, 0L));
        Stream.of("a", "b", "c", "d").forEach(id -> send(id, AT));
        get(letters(store()).resolve("a", "why", NOW));
        get(letters(store()).beginReplay("b", "new", NOW, NOW));
        assertThat(get(letters(open()).counts()))
                .isEqualTo(Map.of(
                        DeadLetterState.PENDING, 2L,
                        DeadLetterState.REPLAYING, 1L,
                        DeadLetterState.REPLAYED, 0L,
                        DeadLetterState.RESOLVED, 1L));
    }

    @Test
    void C5_a_query_out_of_range_cannot_be_made() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeadLetterQuery.all().withLimit(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeadLetterQuery.all().withLimit(DeadLetterQuery.MAX_LIMIT + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeadLetterQuery.all().withOffset(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> DeadLetterQuery.of(missing()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeadLetterQuery.all().after(missing()));
    }

    private DeadLetter send(String id, Instant at) {
        DeadLetter letter = DeadLetter.pending(id, id, Samples.WORKFLOW, "1", DeadLetterCause.FAULT, at);
        get(traces().append(step(id, 0)));
        get(journal().appendAfter(id, Long.MAX_VALUE, List.of(note("n")), List.of(new Outgoing.ToDeadLetters(letter))));
        return letter;
    }

    private List<DeadLetter> list(DeadLetterQuery query) {
        return get(letters(store()).list(query).collectList());
    }

    private List<String> ids(DeadLetterQuery query) {
        return list(query).stream().map(DeadLetter::id).toList();
    }
}
