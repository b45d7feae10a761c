package io.reactivestore.r2dbc;

import io.reactivestore.Payload;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Completed;
import io.reactivestore.journal.JournalEvent.Custom;
import io.reactivestore.journal.JournalEvent.Intervened;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import java.util.Optional;

/**
 * What a store told a caller: this entry is durable.
 *
 * @param traceId the trace
 * @param position where it stands, or {@link #ANYWHERE} if the call does not tell
 * @param key names the entry within its trace
 * @param hash the SHA-256 of its payload, or {@code none}
 */
record Ack(String traceId, long position, String key, String hash) {

    static final long ANYWHERE = 0;

    private static final String START = "ack";
    private static final String END = "durable";

    static Ack of(String traceId, long position, JournalEvent event) {
        Payload payload = event.payload();
        return new Ack(
                traceId,
                position,
                key(event),
                payload == null ? "none" : payload.hash().toString());
    }

    static String key(JournalEvent event) {
        if (event instanceof StepRecorded recorded) {
            return "step-" + recorded.envelope().step();
        }
        if (event instanceof Intervened intervened) {
            return "intervention-" + intervened.intervention().id();
        }
        if (event instanceof Custom custom) {
            return custom.type();
        }
        if (event instanceof Completed) {
            return "completion";
        }
        throw new IllegalArgumentException("not of the workload: " + event);
    }

    /** One line, which tells by its end whether it is whole. */
    String toLine() {
        return String.join(" ", START, traceId, Long.toString(position), key, hash, END);
    }

    /** Reads a line; a killed process may leave half of one. */
    static Optional<Ack> parse(String line) {
        String[] words = line.split(" ");
        return words.length == 6 && words[0].equals(START) && words[5].equals(END)
                ? Optional.of(new Ack(words[1], Long.parseLong(words[2]), words[3], words[4]))
                : Optional.empty();
    }
}
