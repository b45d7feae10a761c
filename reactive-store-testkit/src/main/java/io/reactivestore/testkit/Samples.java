package io.reactivestore.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.deadletters.DeadLetter;
import io.reactivestore.deadletters.DeadLetterCause;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Values the tests write: plain ones to read easily, extreme ones to break adapters. */
final class Samples {

    static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");
    static final Instant RESTED = AT.plusSeconds(300);
    static final String WORKFLOW = "order";

    /** 255 UTF-16 units of what has broken stores before: quotes, comments, patterns, escapes, bidirectional text, emoji. */
    static final String HOSTILE_ID =
            padded("o'Brien\"; DROP TABLE journal; -- %_\\ \\u0041 ${x} ?1 $1 :a é ü 漢字 שלום 👩‍🚀🧨 ");

    static final List<Instant> EXTREME_TIMES = List.of(
            Instant.EPOCH,
            Instant.parse("1583-01-01T00:00:00Z"),
            Instant.parse("1600-02-29T12:34:56.789012Z"),
            Instant.parse("1900-01-01T00:00:00Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.parse("1999-12-31T23:59:59.000001Z"),
            Instant.parse("2024-02-29T12:00:00.5Z"),
            Instant.parse("2026-03-29T01:30:00.123456Z"),
            Instant.parse("2038-01-19T03:14:08Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z"));

    private Samples() {}

    static PersistenceEnvelope step(String traceId, long step) {
        return step(traceId, step, "node-" + step, "result of " + step);
    }

    static PersistenceEnvelope step(String traceId, long step, String nodeId, String result) {
        return PersistenceEnvelope.of(traceId, WORKFLOW, step, nodeId, Outcome.SUCCESS, AT.plusSeconds(step % 1_000))
                .withPayload(json(result));
    }

    static PersistenceEnvelope outcome(String traceId, long step, Outcome outcome) {
        return PersistenceEnvelope.of(traceId, WORKFLOW, step, "node-" + step, outcome, AT.plusSeconds(step % 1_000));
    }

    static PersistenceEnvelope ofWorkflow(String workflow, PersistenceEnvelope e) {
        return new PersistenceEnvelope(
                e.traceId(),
                workflow,
                e.version(),
                e.step(),
                e.nodeId(),
                e.attempt(),
                e.outcome(),
                e.at(),
                e.payload(),
                e.idempotencyKey(),
                e.failure());
    }

    static Payload json(String text) {
        return Payload.json("\"" + text + "\"");
    }

    static Completion end(CompletionState state) {
        return Completion.of(state, AT.plusSeconds(1_000));
    }

    static Intervention decision(String id, String targetNode) {
        return Intervention.of(id, targetNode, InterventionAction.SUPPLY, AT.plusSeconds(500))
                .withPayload(json("decided " + id));
    }

    static JournalEvent recorded(PersistenceEnvelope envelope) {
        return new JournalEvent.StepRecorded(envelope);
    }

    static JournalEvent note(String text) {
        return new JournalEvent.Custom("note", json(text), AT.plusSeconds(600));
    }

    static JournalEvent claim(String owner) {
        return new JournalEvent.Claimed(owner, AT.plusSeconds(700));
    }

    /** A rest that began at {@link #RESTED}. */
    static JournalEvent rest(@Nullable Instant wakeAt) {
        return new JournalEvent.Suspended(wakeAt, RESTED);
    }

    static JournalEvent completed(CompletionState state) {
        return new JournalEvent.Completed(end(state));
    }

    static DeadLetter letter(String traceId) {
        return DeadLetter.pending(traceId, traceId, WORKFLOW, "1", DeadLetterCause.FAULT, AT.plusSeconds(1_000))
                .withFailure(new Failure("test.Broken", "it broke", null));
    }

    /** Payloads that an adapter may be tempted to read as text, to trim, or to take for null. */
    static List<Payload> extremePayloads() {
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        byte[] mebibyte = new byte[1 << 20];
        new Random(7).nextBytes(mebibyte);
        return List.of(
                Payload.of(new byte[0], Payload.JSON),
                Payload.of(new byte[0], "application/octet-stream"),
                Payload.of(new byte[] {0}, "application/octet-stream"),
                Payload.of(everyByte, "application/x-protobuf; messageType=\"a.b.C\""),
                Payload.of(mebibyte, "application/zstd"),
                Payload.json(" { \"b\" : 1.0, \"a\" : 1e2, \"a\" : null }\r\n"),
                Payload.json("null"),
                Payload.of("\\x00 \\000 'a' NULL \\N {1,2} \0 é 🧨".getBytes(UTF_8), "text/plain;charset=UTF-8"),
                Payload.of(new byte[] {(byte) 0xC3, (byte) 0x28, (byte) 0xFF, (byte) 0xFE}, "TEXT/Plain"),
                Payload.of(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '{', '}'}, "x".repeat(127)));
    }

    static String padded(String start) {
        return start + "x".repeat(255 - start.length());
    }
}
