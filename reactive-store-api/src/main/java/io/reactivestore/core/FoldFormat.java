package io.reactivestore.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import io.reactivestore.core.TraceFold.RecordedStep;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Folds as bytes, compressed. What is written and read differently is another {@link #VERSION}: the two do not meet. */
final class FoldFormat {

    static final String VERSION = "reactivestore:fold-1";
    static final String MEDIA_TYPE = "application/vnd.reactivestore.fold";

    private FoldFormat() {}

    /**
     * Writes a fold.
     *
     * @param maxBytes how large it may be before it is compressed: so much memory it takes to read
     * @return the bytes, or empty if it is larger
     */
    static Optional<byte[]> write(FoldState state, int maxBytes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            new Writer(out, maxBytes).state(state);
        } catch (IOException tooLarge) {
            return Optional.empty();
        }
        return Optional.of(bytes.toByteArray());
    }

    /**
     * Reads what was written.
     *
     * @throws IOException if it was not written by {@link #write}, or is larger than allowed
     */
    static FoldState read(String traceId, byte[] bytes, int maxBytes) throws IOException {
        try (InputStream inflating = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            byte[] all = inflating.readNBytes(maxBytes);
            if (inflating.read() >= 0) {
                throw new IOException("more than " + maxBytes + " bytes");
            }
            return new Reader(new DataInputStream(new ByteArrayInputStream(all)), traceId).state();
        } catch (RuntimeException misfit) {
            throw new IOException("not a fold", misfit);
        }
    }

    private record Writer(DataOutputStream out, int maxBytes) {

        void state(FoldState state) throws IOException {
            TraceHead head = state.head();
            text(head.workflow());
            text(head.version());
            out.writeByte(head.status().ordinal());
            number(head.holder());
            instant(head.dueAt());
            instant(head.createdAt());
            instant(head.updatedAt());
            out.writeLong(state.position());
            out.writeLong(state.highestStep());
            completion(state.completion());
            out.writeLong(state.completedAt());
            out.writeLong(state.holder());
            out.writeLong(state.heldSince());
            out.writeInt(state.resumptions());
            number(state.resumedFrom());
            instant(state.lastResumedAt());
            out.writeLong(state.steeredAt());
            out.writeInt(state.claimsSinceProgress());
            out.writeInt(state.steps().size());
            for (RecordedStep step : state.steps()) {
                out.writeLong(step.position());
                envelope(step);
            }
            out.writeInt(state.interventions().size());
            for (InterventionRecord record : state.interventions()) {
                intervention(record);
            }
            room(0);
        }

        private void room(int bytes) throws IOException {
            if (bytes > maxBytes - out.size()) {
                throw new IOException("more than " + maxBytes + " bytes");
            }
        }

        private void envelope(RecordedStep step) throws IOException {
            PersistenceEnvelope e = step.envelope();
            if (e == null) {
                throw new IllegalStateException("a tail cannot be kept");
            }
            text(e.workflow());
            text(e.version());
            out.writeLong(e.step());
            text(e.nodeId());
            out.writeInt(e.attempt());
            out.writeByte(e.outcome().ordinal());
            instant(e.at());
            payload(e.payload());
            text(e.idempotencyKey());
            failure(e.failure());
        }

        private void intervention(InterventionRecord record) throws IOException {
            Intervention i = record.intervention();
            text(i.id());
            text(i.targetNode());
            out.writeByte(i.action().ordinal());
            payload(i.payloadOverride());
            text(i.reason());
            text(i.operator());
            instant(i.at());
            out.writeLong(record.position());
            number(record.appliedPosition());
            number(record.appliedByStep());
        }

        private void completion(@Nullable Completion end) throws IOException {
            out.writeBoolean(end != null);
            if (end != null) {
                out.writeByte(end.state().ordinal());
                instant(end.at());
                payload(end.result());
                failure(end.failure());
            }
        }

        private void failure(@Nullable Failure failure) throws IOException {
            out.writeBoolean(failure != null);
            if (failure != null) {
                text(failure.type());
                text(failure.message());
                text(failure.detail());
            }
        }

        private void payload(@Nullable Payload payload) throws IOException {
            text(payload == null ? null : payload.mediaType());
            if (payload != null) {
                out.write(payload.hash().toBytes());
                bytes(payload.toByteArray());
            }
        }

        private void text(@Nullable String text) throws IOException {
            out.writeBoolean(text != null);
            if (text != null) {
                bytes(text.getBytes(UTF_8));
            }
        }

        private void bytes(byte[] bytes) throws IOException {
            room(bytes.length);
            out.writeInt(bytes.length);
            out.write(bytes);
        }

        private void number(@Nullable Long number) throws IOException {
            out.writeBoolean(number != null);
            if (number != null) {
                out.writeLong(number);
            }
        }

        private void instant(@Nullable Instant instant) throws IOException {
            out.writeBoolean(instant != null);
            if (instant != null) {
                out.writeLong(instant.getEpochSecond());
                out.writeInt(instant.getNano());
            }
        }
    }

    private record Reader(DataInputStream in, String traceId) {

        FoldState state() throws IOException {
            TraceHead head = new TraceHead(
                    traceId,
                    present(text()),
                    present(text()),
                    TraceStatus.values()[in.readByte()],
                    number(),
                    instant(),
                    present(instant()),
                    present(instant()));
            return new FoldState(
                    head,
                    in.readLong(),
                    in.readLong(),
                    completion(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readInt(),
                    number(),
                    instant(),
                    in.readLong(),
                    in.readInt(),
                    steps(),
                    interventions());
        }

        private List<RecordedStep> steps() throws IOException {
            List<RecordedStep> steps = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                long position = in.readLong();
                PersistenceEnvelope envelope = new PersistenceEnvelope(
                        traceId,
                        present(text()),
                        present(text()),
                        in.readLong(),
                        present(text()),
                        in.readInt(),
                        Outcome.values()[in.readByte()],
                        present(instant()),
                        payload(),
                        text(),
                        failure());
                steps.add(new RecordedStep(position, envelope.payloadHash(), envelope));
            }
            return steps;
        }

        private List<InterventionRecord> interventions() throws IOException {
            List<InterventionRecord> records = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                Intervention intervention = new Intervention(
                        present(text()),
                        present(text()),
                        InterventionAction.values()[in.readByte()],
                        payload(),
                        text(),
                        text(),
                        present(instant()));
                records.add(new InterventionRecord(intervention, in.readLong(), number(), number()));
            }
            return records;
        }

        private @Nullable Completion completion() throws IOException {
            return in.readBoolean()
                    ? new Completion(CompletionState.values()[in.readByte()], present(instant()), payload(), failure())
                    : null;
        }

        private @Nullable Failure failure() throws IOException {
            return in.readBoolean() ? new Failure(present(text()), text(), text()) : null;
        }

        private @Nullable Payload payload() throws IOException {
            String mediaType = text();
            if (mediaType == null) {
                return null;
            }
            byte[] hash = in.readNBytes(Sha256.BYTES);
            return Payload.restored(bytes(), mediaType, Sha256.fromBytes(hash));
        }

        private @Nullable String text() throws IOException {
            return in.readBoolean() ? new String(bytes(), UTF_8) : null;
        }

        private byte[] bytes() throws IOException {
            int length = in.readInt();
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return bytes;
        }

        private @Nullable Long number() throws IOException {
            return in.readBoolean() ? in.readLong() : null;
        }

        private @Nullable Instant instant() throws IOException {
            return in.readBoolean() ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : null;
        }

        private static <T> T present(@Nullable T value) throws IOException {
            if (value == null) {
                throw new EOFException("something is missing");
            }
            return value;
        }
    }
}
