package io.reactivestore.r2dbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.Readable;
import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import io.reactivestore.spi.TraceAppend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator sees with nothing but SQL: names instead of codes, and payloads that can be read. */
class ReadableViewTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final Map<Class<?>, String> KINDS = Map.of(
            StepRecorded.class, "STEP",
            Intervened.class, "INTERVENTION",
            Resumed.class, "RESUMED",
            Claimed.class, "CLAIMED",
            Completed.class, "COMPLETED",
            Custom.class, "CUSTOM",
            Suspended.class, "SUSPENDED");

    @ParameterizedTest
    @EnumSource(Database.class)
    void every_kind_and_every_outcome_has_its_name(Database kind) {
        List<JournalEvent> events = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            events.add(new StepRecorded(PersistenceEnvelope.of("a", "order", 1, "node", outcome, AT)));
            expected.add("STEP " + outcome);
        }
        for (InterventionAction action : InterventionAction.values()) {
            String target = action == InterventionAction.CANCEL ? Intervention.TRACE : "node";
            events.add(new Intervened(Intervention.of("d-" + action, target, action, AT)));
            expected.add("INTERVENTION " + action);
        }
        for (CompletionState state : CompletionState.values()) {
            events.add(new Completed(Completion.of(state, AT)));
            expected.add("COMPLETED " + state);
        }
        events.addAll(List.of(
                new Resumed(0, AT), new Claimed("me", AT), new Custom("note", null, AT), new Suspended(null, AT)));
        expected.addAll(List.of("RESUMED null", "CLAIMED null", "CUSTOM null", "SUSPENDED null"));
        assertThat(events.stream().map(Object::getClass).collect(Collectors.toSet()))
                .as("a kind of event without a sample here")
                .containsExactlyInAnyOrder(JournalEvent.class.getPermittedSubclasses())
                .isEqualTo(KINDS.keySet());

        try (TestDatabase database = migrated(kind)) {
            write(database, events, TraceStatus.RUNNING);
            assertThat(database.sql()
                            .query(
                                    row -> row.get("kind", String.class) + " " + row.get("outcome", String.class),
                                    "SELECT kind, outcome FROM rs_journal_readable ORDER BY position"))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void every_status_has_its_name(Database kind) {
        try (TestDatabase database = migrated(kind)) {
            List<String> expected = new ArrayList<>();
            SqlBackend backend = database.backend(R2dbcConfig.defaults());
            for (TraceStatus status : TraceStatus.values()) {
                String id = "trace-" + status.ordinal();
                expected.add(id + " " + status);
                backend.append(List.of(append(id, List.of(new Custom("note", null, AT)), status)))
                        .block(LIMIT);
            }
            backend.close().block(LIMIT);
            assertThat(database.sql()
                            .query(
                                    row -> row.get("trace_id", String.class) + " " + row.get("status", String.class),
                                    "SELECT trace_id, status FROM rs_trace_readable"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void payloads_are_shown_as_text_and_what_is_no_text_does_no_harm(Database kind) {
        List<byte[]> contents = List.of(
                "{\"name\":\"Zoë 漢字 🧨\"}".getBytes(UTF_8),
                new byte[] {'a', 0, 'b'},
                new byte[] {(byte) 0xC3, (byte) 0x28, (byte) 0xFF},
                new byte[0],
                new byte[100_000]);
        List<JournalEvent> events = contents.stream()
                .<JournalEvent>map(content -> new Custom("note", Payload.of(content, "text/plain"), AT))
                .toList();
        try (TestDatabase database = migrated(kind)) {
            write(database, events, TraceStatus.RUNNING);
            List<String> shown = database.sql().strings("SELECT payload FROM rs_journal_readable ORDER BY position");
            assertThat(shown).hasSize(contents.size()).startsWith("{\"name\":\"Zoë 漢字 🧨\"}");
            assertThat(shown.get(3)).isEmpty();
            if (kind == Database.POSTGRESQL) {
                assertThat(shown).contains("\\x610062", "\\xc328ff");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void names_and_reasons_stand_in_columns_of_their_own(Database kind) {
        PersistenceEnvelope failed = PersistenceEnvelope.of("a", "order", 7, "charge", Outcome.FAULT, AT)
                .withAttempt(3)
                .withIdempotencyKey("key-7")
                .withFailure(new Failure("CardDeclined", "no funds", "stack"));
        Intervention decision = Intervention.of("d-1", "charge", InterventionAction.SKIP, AT)
                .withOperator("ann")
                .withReason("paid by phone");
        try (TestDatabase database = migrated(kind)) {
            write(
                    database,
                    List.of(
                            new StepRecorded(failed),
                            new Intervened(decision),
                            new Claimed("engine-2", AT),
                            new Custom("note", null, AT),
                            new Suspended(AT.plusSeconds(60), AT)),
                    TraceStatus.RUNNING);
            assertThat(database.sql()
                            .query(
                                    row -> Arrays.asList(
                                            row.get("node", String.class),
                                            row.get("failure", String.class),
                                            row.get("message", String.class),
                                            row.get("operator", String.class),
                                            row.get("reference", String.class),
                                            row.get("wake_at", String.class)),
                                    "SELECT * FROM rs_journal_readable ORDER BY position"))
                    .containsExactly(
                            Arrays.asList("charge", "CardDeclined", "no funds", null, "key-7", null),
                            Arrays.asList("charge", null, "paid by phone", "ann", "d-1", null),
                            Arrays.asList(null, null, null, "engine-2", null, null),
                            Arrays.asList("note", null, null, null, null, null),
                            Arrays.asList(null, null, null, null, null, "2026-03-01T10:01:00.123456Z"));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void tags_stand_beside_what_they_describe_and_facts_beside_who_refers_to_them(Database kind) {
        Payload content = Payload.json("{\"name\":\"Zoë\"}");
        try (TestDatabase database = migrated(kind)) {
            // as a database that had these tables before it had the views
            for (String view : List.of("tag_readable", "fact_readable", "fact_reference_readable")) {
                database.sql().execute("DROP VIEW rs_" + view);
            }
            database.sql().execute("DELETE FROM rs_schema WHERE version = 7");
            write(database, List.of(new Custom("note", null, AT)), TraceStatus.FAULT);
            R2dbcStore store = database.store(R2dbcConfig.defaults());
            store.require(Capability.CATALOG)
                    .update("a", tags -> tags.withSource("web").with("customer", "42"))
                    .block(LIMIT);
            store.require(Capability.FACTS).put("a", content).block(LIMIT);
            store.migrate().block(LIMIT);
            assertThat(database.sql()
                            .query(
                                    row -> row(row, "trace_id", "workflow", "status", "name", "tag_value"),
                                    "SELECT * FROM rs_tag_readable ORDER BY name"))
                    .containsExactly("a order FAULT customer 42", "a order FAULT source web");
            String hash = content.hash().toString();
            assertThat(database.sql()
                            .query(
                                    row -> row(row, "sha256", "media_type", "content"),
                                    "SELECT * FROM rs_fact_readable WHERE size = $1",
                                    (long) content.size()))
                    .containsExactly(hash + " " + Payload.JSON + " " + content.asText());
            assertThat(database.sql()
                            .query(row -> row(row, "trace_id", "sha256"), "SELECT * FROM rs_fact_reference_readable"))
                    .containsExactly("a " + hash);
            store.close().block(LIMIT);
        }
    }

    private static String row(Readable row, String... columns) {
        return Arrays.stream(columns)
                .map(column -> row.get(column, String.class))
                .collect(Collectors.joining(" "));
    }

    private static TestDatabase migrated(Database kind) {
        TestDatabase database = TestDatabase.of(kind);
        R2dbcStore store = database.store(R2dbcConfig.defaults());
        store.migrate().then(store.close()).block(LIMIT);
        return database;
    }

    private static void write(TestDatabase database, List<JournalEvent> events, TraceStatus status) {
        SqlBackend backend = database.backend(R2dbcConfig.defaults());
        assertThat(backend.append(List.of(append("a", events, status))).block(LIMIT))
                .isEmpty();
        backend.close().block(LIMIT);
    }

    private static TraceAppend append(String traceId, List<JournalEvent> events, TraceStatus status) {
        List<JournalEntry> entries = new ArrayList<>();
        for (JournalEvent event : events) {
            entries.add(new JournalEntry(traceId, entries.size() + 1, 7, event));
        }
        return new TraceAppend(traceId, entries, new TraceHead(traceId, "order", "1", status, AT, AT));
    }
}
