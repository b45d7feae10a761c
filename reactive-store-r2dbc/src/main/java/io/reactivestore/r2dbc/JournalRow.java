package io.reactivestore.r2dbc;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Claimed;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.JournalEvent.Suspended;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry as the columns of the journal table hold it. Codes are 1 plus the ordinal of what they stand for; the readable
 * views of the schema spell them out. {@code reference} is an idempotency key or an intervention's id; {@code label} a failure's
 * type, an operator, an owner, a custom type, or the time a rest ends; {@code message} a failure's message or a reason.
 */
record JournalRow(
        String traceId,
        long position,
        long writer,
        @Nullable Long step,
        Instant at,
        @Nullable Integer attempt,
        short kind,
        @Nullable Short outcome,
        @Nullable String workflow,
        @Nullable String version,
        @Nullable String nodeId,
        @Nullable String reference,
        @Nullable String label,
        @Nullable String message,
        @Nullable String detail,
        @Nullable Payload payload) {

    private static final short STEP = 1;
    private static final short INTERVENTION = 2;
    private static final short RESUMED = 3;
    private static final short CLAIMED = 4;
    private static final short COMPLETED = 5;
    private static final short CUSTOM = 6;
    private static final short SUSPENDED = 7;

    static JournalRow of(JournalEntry entry) {
        JournalEvent event = entry.event();
        if (event instanceof StepRecorded recorded) {
            PersistenceEnvelope e = recorded.envelope();
            Failure f = e.failure();
            return new JournalRow(
                    entry.traceId(),
                    entry.position(),
                    entry.writer(),
                    e.step(),
                    e.at(),
                    e.attempt(),
                    STEP,
                    code(e.outcome()),
                    e.workflow(),
                    e.version(),
                    e.nodeId(),
                    e.idempotencyKey(),
                    f == null ? null : f.type(),
                    f == null ? null : f.message(),
                    f == null ? null : f.detail(),
                    e.payload());
        } else if (event instanceof Intervened intervened) {
            Intervention i = intervened.intervention();
            return plain(entry, INTERVENTION, code(i.action()), null, i.targetNode(), i.id(), i.operator(), i.reason());
        } else if (event instanceof Resumed resumed) {
            return plain(entry, RESUMED, null, resumed.fromStep(), null, null, null, null);
        } else if (event instanceof Claimed claimed) {
            return plain(entry, CLAIMED, null, null, null, null, claimed.owner(), null);
        } else if (event instanceof Completed completed) {
            Failure f = completed.completion().failure();
            JournalRow row = plain(
                    entry,
                    COMPLETED,
                    code(completed.completion().state()),
                    null,
                    null,
                    null,
                    f == null ? null : f.type(),
                    f == null ? null : f.message());
            return f == null || f.detail() == null ? row : row.withDetail(f.detail());
        } else if (event instanceof Custom custom) {
            return plain(entry, CUSTOM, null, null, null, null, custom.type(), null);
        } else if (event instanceof Suspended suspended) {
            String wakeAt =
                    suspended.wakeAt() == null ? null : suspended.wakeAt().toString();
            return plain(entry, SUSPENDED, null, null, null, null, wakeAt, null);
        }
        throw new IllegalArgumentException("no row for " + event.getClass());
    }

    private static JournalRow plain(
            JournalEntry entry,
            short kind,
            @Nullable Short outcome,
            @Nullable Long step,
            @Nullable String nodeId,
            @Nullable String reference,
            @Nullable String label,
            @Nullable String message) {
        return new JournalRow(
                entry.traceId(),
                entry.position(),
                entry.writer(),
                step,
                entry.event().at(),
                null,
                kind,
                outcome,
                null,
                null,
                nodeId,
                reference,
                label,
                message,
                null,
                entry.event().payload());
    }

    private JournalRow withDetail(String detail) {
        return new JournalRow(
                traceId, position, writer, step, at, attempt, kind, outcome, workflow, version, nodeId, reference,
                label, message, detail, payload);
    }

    JournalEntry toEntry() {
        return new JournalEntry(traceId, position, writer, toEvent());
    }

    private JournalEvent toEvent() {
        try {
            return switch (kind) {
                case STEP ->
                    new StepRecorded(new PersistenceEnvelope(
                            traceId,
                            present(workflow),
                            present(version),
                            present(step),
                            present(nodeId),
                            present(attempt),
                            Outcome.values()[present(outcome) - 1],
                            at,
                            payload,
                            reference,
                            failure()));
                case INTERVENTION ->
                    new Intervened(new Intervention(
                            present(reference),
                            present(nodeId),
                            InterventionAction.values()[present(outcome) - 1],
                            payload,
                            message,
                            label,
                            at));
                case RESUMED -> new Resumed(present(step), at);
                case CLAIMED -> new Claimed(present(label), at);
                case COMPLETED ->
                    new Completed(
                            new Completion(CompletionState.values()[present(outcome) - 1], at, payload, failure()));
                case CUSTOM -> new Custom(present(label), payload, at);
                case SUSPENDED -> new Suspended(label == null ? null : Instant.parse(label), at);
                default -> throw new IllegalArgumentException("kind " + kind);
            };
        } catch (NullPointerException
                | IllegalArgumentException
                | ArrayIndexOutOfBoundsException
                | DateTimeException e) {
            throw new StoreFailedException(
                    traceId,
                    "Position " + position + " of trace '" + traceId + "' is not an entry this version can read ("
                            + e.getMessage() + "). It was written by a newer version or changed outside the store.",
                    e);
        }
    }

    private @Nullable Failure failure() {
        return label == null ? null : new Failure(label, message, detail);
    }

    private static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    private static Short code(Enum<?> value) {
        return (short) (value.ordinal() + 1);
    }
}
