package io.reactivestore.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Payload;
import io.reactivestore.Sha256;
import io.reactivestore.spi.FactBackend;
import io.reactivestore.spi.FactBackend.Note;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** When a note was taken, which decides from when on it may be looked into. */
class FactNotesTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_note_is_as_young_as_whoever_took_it_last_by_the_latest_of_their_clocks(Database kind) {
        try (TestDatabase database = TestDatabase.of(kind)) {
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            run(store.migrate().then(store.close()));
            FactBackend facts = database.backend(R2dbcConfig.defaults()).facts().orElseThrow();
            Payload content = Payload.json("\"content\"");
            Note note = new Note("t", content.hash(), Sha256.of(new byte[] {1}));

            run(facts.put(content, note, AT.plusSeconds(60)));
            run(facts.put(content, note, AT));
            run(facts.note(List.of(note), AT.plusSeconds(1)));
            assertThat(noted(database)).isEqualTo(AT.plusSeconds(60));

            database.sql().execute("UPDATE rs_fact_reference SET settled = TRUE");
            run(facts.note(List.of(note), AT.plusSeconds(90)));
            assertThat(noted(database)).isEqualTo(AT.plusSeconds(90));
            assertThat(database.sql().number("SELECT COUNT(*) FROM rs_fact_reference WHERE settled"))
                    .isEqualTo(1);
        }
    }

    private static Instant noted(TestDatabase database) {
        return database.sql()
                .query(
                        row -> Objects.requireNonNull(row.get(0, OffsetDateTime.class)),
                        "SELECT noted_at FROM rs_fact_reference")
                .get(0)
                .toInstant();
    }

    private static void run(Mono<?> call) {
        call.block(LIMIT);
    }
}
