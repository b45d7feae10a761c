package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A taken position stops the append of its trace, and no other. */
class BatchCollisionTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

    @ParameterizedTest
    @EnumSource(Database.class)
    void of_fifty_traces_three_collide_and_forty_seven_are_written_by_the_same_call(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().block(LIMIT);
            SqlBackend backend = database.backend(R2dbcConfig.defaults());
            backend.append(List.of(append("trace-07", 1, 1), append("trace-23", 1, 1), append("trace-49", 1, 1)))
                    .block(LIMIT);

            List<TraceAppend> batch = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                batch.add(append(String.format("trace-%02d", i), 1, 2));
            }
            assertThat(backend.append(batch).block(LIMIT))
                    .containsExactlyInAnyOrder("trace-07", "trace-23", "trace-49");
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_journal")).isEqualTo(47 * 2 + 3);
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_trace")).isEqualTo(50);
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_journal WHERE trace_id = 'trace-23'"))
                    .isEqualTo(1);
            backend.close().then(store.close()).block(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_batch_of_which_everything_collides_changes_nothing(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.migrate().block(LIMIT);
            SqlBackend backend = database.backend(R2dbcConfig.defaults());
            List<TraceAppend> batch = List.of(append("a", 1, 3), append("b", 1, 3));
            assertThat(backend.append(batch).block(LIMIT)).isEmpty();
            assertThat(backend.append(batch).block(LIMIT)).containsExactlyInAnyOrder("a", "b");
            assertThat(backend.append(List.of(append("a", 3, 2))).block(LIMIT)).containsExactly("a");
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_journal")).isEqualTo(6);
            backend.close().then(store.close()).block(LIMIT);
        }
    }

    private static TraceAppend append(String traceId, long position, int entries) {
        List<JournalEntry> list = new ArrayList<>();
        for (long p = position; p < position + entries; p++) {
            list.add(new JournalEntry(traceId, p, 7, new Custom("note", null, AT)));
        }
        TraceHead head = position == 1 ? new TraceHead(traceId, "order", "1", TraceStatus.RUNNING, AT, AT) : null;
        return new TraceAppend(traceId, list, head);
    }
}
