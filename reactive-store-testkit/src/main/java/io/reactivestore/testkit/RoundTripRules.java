package io.reactivestore.testkit;

import static io.reactivestore.testkit.Samples.AT;
import static io.reactivestore.testkit.Samples.EXTREME_TIMES;
import static io.reactivestore.testkit.Samples.HOSTILE_ID;
import static io.reactivestore.testkit.Samples.WORKFLOW;
import static io.reactivestore.testkit.Samples.decision;
import static io.reactivestore.testkit.Samples.end;
import static io.reactivestore.testkit.Samples.extremePayloads;
import static io.reactivestore.testkit.Samples.outcome;
import static io.reactivestore.testkit.Samples.recorded;
import static io.reactivestore.testkit.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivestore.Capability;
import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.ReactiveStore;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.error.PayloadCorruptedException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** C6, T9 and T12: what is read is what was written, or the damage is told. Always read through another process. */
abstract class RoundTripRules extends Subject {

    RoundTripRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void C6_every_payload_of_a_step_is_read_bit_for_bit() {
        List<Payload> payloads = extremePayloads();
        for (int i = 0; i < payloads.size(); i++) {
            get(traces().append(step(TRACE, i).withPayload(payloads.get(i))));
        }
        List<PersistenceEnvelope> envelopes = load(open(), TRACE).envelopes();
        assertThat(envelopes).hasSameSizeAs(payloads);
        for (int i = 0; i < payloads.size(); i++) {
            sameBits(payloads.get(i), envelopes.get(i).payload());
        }
    }

    @Test
    void C6_every_payload_of_a_decision_a_completion_and_a_custom_event_is_read_bit_for_bit() {
        for (Payload payload : extremePayloads()) {
            String traceId = "payload-" + payload.hash() + payload.mediaType().length();
            get(traces().append(step(traceId, 0)));
            run(traces().saveIntervention(traceId, decision("d", "node-1").withPayload(payload)));
            store().find(Capability.JOURNAL)
                    .ifPresent(journal -> get(
                            journal.append(traceId, 2, List.of(new JournalEvent.Custom("some/type", payload, AT)))));
            run(traces().complete(traceId, end(CompletionState.SUCCESS).withResult(payload)));

            ReactiveStore other = open();
            PersistedTrace trace = load(other, traceId);
            sameBits(payload, trace.interventions().get(0).intervention().payloadOverride());
            sameBits(
                    payload,
                    trace.completion() == null ? null : trace.completion().result());
            other.find(Capability.JOURNAL)
                    .map(journal -> get(journal.read(traceId, 2).next()))
                    .ifPresent(custom ->
                            assertThat(custom.event()).isEqualTo(new JournalEvent.Custom("some/type", payload, AT)));
        }
    }

    @Test
    void C6_no_payload_is_not_an_empty_payload() {
        Payload empty = Payload.of(new byte[0], Payload.JSON);
        get(traces().append(outcome(TRACE, 0, Outcome.SUCCESS)));
        get(traces().append(outcome(TRACE, 1, Outcome.SUCCESS).withPayload(empty)));
        run(traces().saveIntervention(TRACE, decision("a", "node-9").withPayload(null)));
        run(traces().saveIntervention(TRACE, decision("b", "node-9").withPayload(empty)));
        PersistedTrace trace = load(open(), TRACE);
        assertThat(trace.envelopes()).extracting(PersistenceEnvelope::payload).containsExactly(null, empty);
        assertThat(trace.interventions())
                .extracting(record -> record.intervention().payloadOverride())
                .containsExactly(null, empty);
    }

    @Test
    void C6_many_large_payloads_in_one_list_are_read_bit_for_bit() {
        List<JournalEvent> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Payload large = extremePayloads().get(4);
            byte[] bytes = large.toByteArray();
            bytes[i] ^= 1;
            events.add(recorded(step(TRACE, i).withPayload(Payload.owning(bytes, large.mediaType()))));
        }
        get(journal().append(TRACE, 0, events));
        assertThat(entries(open(), TRACE)).extracting(JournalEntry::event).containsExactlyElementsOf(events);
    }

    @Test
    void C6_what_a_caller_does_to_its_bytes_afterwards_changes_nothing() {
        byte[] bytes = {1, 2, 3};
        get(traces().append(step(TRACE, 0).withPayload(Payload.of(bytes, "application/octet-stream"))));
        bytes[0] = 9;
        Payload read = load().envelopes().get(0).payload();
        sameBits(Payload.of(new byte[] {1, 2, 3}, "application/octet-stream"), read);
    }

    @Test
    void T9_every_field_of_an_envelope_survives() {
        PersistenceEnvelope full = new PersistenceEnvelope(
                TRACE,
                WORKFLOW,
                "2.1.0-rc.1+build/7",
                Long.MAX_VALUE,
                "scope/items[3]/charge card #2",
                Integer.MAX_VALUE,
                Outcome.FAULT,
                Instant.parse("2026-03-01T10:00:00.123456789Z"),
                Payload.of(new byte[] {0, 1}, "application/cbor"),
                "key:'\"\\;%_🧨",
                new Failure("java.lang.IllegalStateException", "message", "detail\n\tat line"));
        PersistenceEnvelope bare = PersistenceEnvelope.of(TRACE, WORKFLOW, 0, "n", Outcome.STARTED, Instant.EPOCH);
        get(traces().append(full));
        get(traces().append(bare));
        assertThat(load(open(), TRACE).envelopes()).containsExactly(full, bare);
        assertThat(load().envelopes().get(0).at()).isEqualTo(Instant.parse("2026-03-01T10:00:00.123456Z"));
    }

    @Test
    void T9_each_field_that_may_be_missing_may_be_missing_alone() {
        PersistenceEnvelope full = step(TRACE, 0).withIdempotencyKey("key").withFailure(new Failure("t", "m", "d"));
        List<PersistenceEnvelope> envelopes = List.of(
                full,
                full.withAttempt(2).withPayload(null),
                full.withAttempt(3).withIdempotencyKey(null),
                full.withAttempt(4).withFailure(null),
                full.withAttempt(5).withFailure(new Failure("t", null, "d")),
                full.withAttempt(6).withFailure(new Failure("t", "m", null)),
                full.withAttempt(7).withFailure(new Failure("t", "", "")),
                full.withAttempt(8).withFailure(new Failure("t", null, null)));
        envelopes.forEach(envelope -> get(traces().append(envelope)));
        assertThat(load(open(), TRACE).envelopes()).containsExactlyElementsOf(envelopes);
    }

    @Test
    void T9_every_outcome_survives() {
        List<PersistenceEnvelope> envelopes = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            envelopes.add(outcome(TRACE, 1, outcome));
        }
        envelopes.forEach(envelope -> get(traces().append(envelope)));
        assertThat(load(open(), TRACE).envelopes()).containsExactlyElementsOf(envelopes);
    }

    @Test
    void T9_hostile_names_survive_as_ids_and_in_every_field() {
        String node = HOSTILE_ID.repeat(4).substring(0, 254 * 3);
        PersistenceEnvelope envelope = new PersistenceEnvelope(
                HOSTILE_ID,
                HOSTILE_ID,
                HOSTILE_ID.substring(0, 40),
                1,
                node,
                1,
                Outcome.SUCCESS,
                AT,
                Payload.of(new byte[] {1}, HOSTILE_ID.substring(0, 40)),
                node,
                new Failure(node, node, node));
        assertThat(get(traces().append(envelope))).isEqualTo(1);
        assertThat(get(traces().append(envelope))).as("absorbed").isEqualTo(1);
        Intervention decision =
                new Intervention(HOSTILE_ID, node, InterventionAction.RERUN, null, node, HOSTILE_ID, AT);
        run(traces().saveIntervention(HOSTILE_ID, decision));
        run(traces().saveIntervention(HOSTILE_ID, decision));

        PersistedTrace trace = load(open(), HOSTILE_ID);
        assertThat(trace.envelopes()).containsExactly(envelope);
        assertThat(trace.interventions())
                .extracting(record -> record.intervention())
                .containsExactly(decision);
        assertThat(trace.head())
                .isEqualTo(
                        new TraceHead(HOSTILE_ID, HOSTILE_ID, HOSTILE_ID.substring(0, 40), TraceStatus.RUNNING, AT, AT)
                                .running(writer(HOSTILE_ID, 1), AT));
        assertThat(trace.position()).isEqualTo(2);
    }

    @Test
    void T9_ids_that_look_alike_are_different_traces() {
        List<String> alike = List.of(
                "Ångström",
                "A\u030Angstro\u0308m",
                "ångström",
                "Angstrom",
                "Ångström ",
                " Ångström",
                "Straße",
                "Strasse",
                "STRASSE",
                "1",
                "01",
                "1.0",
                "null",
                "NULL",
                "a%",
                "a_",
                "ab",
                "x".repeat(254),
                "x".repeat(255),
                "漢".repeat(255),
                "🧨".repeat(127));
        for (int i = 0; i < alike.size(); i++) {
            assertThat(get(traces().append(step(alike.get(i), i))))
                    .as("id %d", i)
                    .isEqualTo(1);
        }
        ReactiveStore other = open();
        for (int i = 0; i < alike.size(); i++) {
            assertThat(load(other, alike.get(i)).envelopes()).containsExactly(step(alike.get(i), i));
        }
    }

    @Test
    void T9_names_of_full_length_survive() {
        PersistenceEnvelope envelope = new PersistenceEnvelope(
                "漢".repeat(255),
                "w".repeat(255),
                "v".repeat(100),
                1,
                "é".repeat(1_000),
                1,
                Outcome.FAULT,
                AT,
                Payload.of(new byte[] {1}, "m".repeat(127)),
                "🧨".repeat(500),
                new Failure("漢".repeat(1_000), "漢".repeat(8_000), "d".repeat(9_000)));
        get(traces().append(envelope));
        Intervention decision = new Intervention(
                "漢".repeat(255),
                "漢".repeat(1_000),
                InterventionAction.SKIP,
                null,
                "r".repeat(8_000),
                "é".repeat(255),
                AT);
        run(traces().saveIntervention(envelope.traceId(), decision));
        PersistedTrace trace = load(open(), envelope.traceId());
        assertThat(trace.envelopes()).containsExactly(envelope);
        assertThat(trace.pendingInterventions()).containsExactly(decision);
    }

    @Test
    void T9_texts_of_failures_and_reasons_survive_as_the_record_made_them_storable() {
        List<String> texts = List.of(
                "a\0b",
                "\uD83E broken",
                "broken \uDDE8",
                "\uDDE8\uD83E the wrong way round",
                "fine \uD83E\uDDE8",
                "\r\n\t\b\f\u0001\u001F\u007F\u0085\u2028\uFEFF",
                "x".repeat(20_000),
                "'; --",
                "");
        List<PersistenceEnvelope> envelopes = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            envelopes.add(outcome(TRACE, i, Outcome.FAULT).withFailure(new Failure("t", texts.get(i), texts.get(i))));
            get(traces().append(envelopes.get(i)));
            run(traces().saveIntervention(TRACE, decision("d" + i, "nobody").withReason(texts.get(i))));
        }
        Completion completion = end(CompletionState.FAULT).withFailure(new Failure("t", texts.get(0), texts.get(1)));
        run(traces().complete(TRACE, completion));
        PersistedTrace trace = load(open(), TRACE);
        assertThat(trace.envelopes()).containsExactlyElementsOf(envelopes);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(trace.interventions().get(i).intervention().reason())
                    .isEqualTo(decision("d", "nobody").withReason(texts.get(i)).reason());
        }
        assertThat(trace.completion()).isEqualTo(completion);
    }

    @Test
    void T9_every_time_survives_to_the_microsecond() {
        for (Instant time : EXTREME_TIMES) {
            String traceId = "at-" + time;
            PersistenceEnvelope envelope =
                    PersistenceEnvelope.of(traceId, WORKFLOW, 0, "node", Outcome.SUCCESS, time.plusNanos(999));
            get(traces().append(envelope));
            run(traces().saveIntervention(traceId, Intervention.of("d", "x", InterventionAction.FAIL, time)));
            Completion completion = Completion.of(CompletionState.CANCELLED, time);
            run(traces().complete(traceId, completion));
            PersistedTrace trace = load(open(), traceId);
            assertThat(trace.envelopes()).containsExactly(envelope);
            assertThat(trace.envelopes().get(0).at()).isEqualTo(time);
            assertThat(trace.interventions().get(0).intervention().at()).isEqualTo(time);
            assertThat(trace.completion()).isEqualTo(completion);
            assertThat(trace.head().createdAt()).isEqualTo(time);
            assertThat(trace.head().updatedAt()).isEqualTo(time);
        }
    }

    @Test
    void T9_every_field_of_a_decision_survives() {
        append(0);
        List<Intervention> decisions = new ArrayList<>();
        for (InterventionAction action : InterventionAction.values()) {
            String target = action == InterventionAction.CANCEL ? Intervention.TRACE : "node-1";
            decisions.add(Intervention.of("bare-" + action, target, action, AT));
            decisions.add(Intervention.of("full-" + action, target, action, AT.plusNanos(1_000))
                    .withPayload(Payload.json("{}"))
                    .withReason("because\nof \"that\"")
                    .withOperator("o'Operator"));
        }
        decisions.add(Intervention.of("empty reason", "node-1", InterventionAction.SKIP, AT)
                .withReason(""));
        decisions.forEach(decision -> run(traces().saveIntervention(TRACE, decision)));
        assertThat(load(open(), TRACE).pendingInterventions()).containsExactlyElementsOf(decisions);
    }

    @Test
    void T9_every_field_of_every_kind_of_entry_survives() {
        append(0);
        List<JournalEvent> customs = List.of(
                new JournalEvent.Custom("bare", null, AT),
                new JournalEvent.Custom("t".repeat(255), Payload.of(new byte[] {0}, "x/y"), EXTREME_TIMES.get(3)),
                new JournalEvent.Custom(HOSTILE_ID, Payload.of(new byte[0], "x/y"), EXTREME_TIMES.get(9)));
        JournalEvent claim = new JournalEvent.Claimed(HOSTILE_ID, EXTREME_TIMES.get(6));
        JournalEvent rest = new JournalEvent.Suspended(EXTREME_TIMES.get(1), EXTREME_TIMES.get(9));
        JournalEvent bareRest = new JournalEvent.Suspended(null, EXTREME_TIMES.get(1));
        JournalEvent end = new JournalEvent.Completed(
                new Completion(CompletionState.TIMED_OUT, AT, Payload.json("{}"), new Failure("t", "m", "d")));
        get(journal().append(TRACE, 1, customs));
        get(journal().append(TRACE, 4, List.of(claim)));
        get(journal().append(TRACE, 5, List.of(rest)));
        get(journal().append(TRACE, 6, List.of(bareRest)));
        get(journal().append(TRACE, 7, List.of(end)));
        assertThat(entries(open(), TRACE))
                .extracting(JournalEntry::event)
                .containsExactly(
                        recorded(step(TRACE, 0)),
                        customs.get(0),
                        customs.get(1),
                        customs.get(2),
                        claim,
                        rest,
                        bareRest,
                        end);
    }

    @Test
    void T12_damaged_bytes_of_a_step_are_told_on_loading() {
        append(0, 1, 2);
        assertThat(load().position())
                .as("read once, so that a cache would hold it")
                .isEqualTo(3);
        fixture().corruptPayload(TRACE, 2);
        for (ReactiveStore any : List.of(store(), open())) {
            PayloadCorruptedException refusal =
                    refused(PayloadCorruptedException.class, any.traces().load(TRACE));
            assertThat(refusal.traceId()).isEqualTo(TRACE);
            assertThat(refusal.position()).isEqualTo(2);
            assertThat(refusal.isTransient()).isFalse();
            assertThat(refusal).hasMessageNotContaining("result of");
        }
    }

    @Test
    void T12_damage_is_told_on_resuming_and_nothing_is_written() {
        append(0, 1);
        fixture().corruptPayload(TRACE, 1);
        refused(PayloadCorruptedException.class, traces().resume(TRACE, 1));
        assertThat(get(journal().append(TRACE, 0, List.of()))).isEqualTo(2);
    }

    @Test
    void T12_damage_of_one_trace_leaves_the_others_readable() {
        append(0);
        get(traces().append(step("trace-2", 0)));
        fixture().corruptPayload("trace-2", 1);
        assertThat(load(open(), TRACE).envelopes()).containsExactly(step(TRACE, 0));
        refused(PayloadCorruptedException.class, open().traces().load("trace-2"));
    }

    @Test
    void T12_damaged_bytes_of_a_decision_or_a_result_are_told() {
        append(0);
        run(traces().saveIntervention(TRACE, decision("d", "node-1")));
        fixture().corruptPayload(TRACE, 2);
        assertThat(refused(PayloadCorruptedException.class, open().traces().load(TRACE))
                        .position())
                .isEqualTo(2);

        get(traces().append(step("trace-2", 0)));
        run(traces().complete("trace-2", end(CompletionState.SUCCESS).withResult(Payload.json("\"the end\""))));
        fixture().corruptPayload("trace-2", 2);
        assertThat(refused(PayloadCorruptedException.class, open().traces().load("trace-2"))
                        .position())
                .isEqualTo(2);
    }

    @Test
    void T12_reading_the_journal_gives_what_is_sound_and_then_tells_the_damage() {
        append(0, 1, 2);
        List<JournalEntry> sound = entries(store(), TRACE);
        fixture().corruptPayload(TRACE, 2);
        Flux<JournalEntry> reading = journal(open()).read(TRACE, 0);
        StepVerifier.create(reading)
                .expectNext(sound.get(0))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                PayloadCorruptedException.class,
                                refusal -> assertThat(refusal.position()).isEqualTo(2)))
                .verify(HANG);
        StepVerifier.create(journal(open()).read(TRACE, 2))
                .expectNext(sound.get(2))
                .expectComplete()
                .verify(HANG);
    }

    private static void sameBits(Payload written, @Nullable Payload read) {
        if (read == null) {
            throw new AssertionError("no payload read where " + written + " was written");
        }
        assertThat(read.toByteArray()).isEqualTo(written.toByteArray());
        assertThat(read.mediaType()).isEqualTo(written.mediaType());
        assertThat(read.size()).isEqualTo(written.size());
        assertThat(read.hash()).isEqualTo(Sha256.of(written.toByteArray()));
        assertThat(read).isEqualTo(written);
    }
}
