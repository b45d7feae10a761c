package io.reactivestore.journal;

import io.reactivestore.internal.Check;

/**
 * One record of a journal.
 *
 * <pre>{@code
 * Flux<JournalEntry> entries = store.require(Capability.JOURNAL).read("order-42", 0);
 * Flux<String> lines = entries.map(entry -> entry.position() + " by " + entry.writer() + ": " + entry.event().at());
 * }</pre>
 *
 * @param traceId the trace
 * @param position its place: 1, 2, 3 ... without gaps
 * @param writer the store instance that wrote it: a random number each instance draws when it is opened
 * @param event what it says
 */
public record JournalEntry(String traceId, long position, long writer, JournalEvent event) {

    /**
     * Checks the fields.
     *
     * @param traceId 1 to 255 characters without control characters
     * @param position at least 1
     * @param writer any number
     * @param event what it says
     * @throws IllegalArgumentException naming the field that is not of that form
     */
    public JournalEntry {
        Check.traceId(traceId);
        Check.atLeast("position", position, 1);
        Check.present("event", event);
    }
}
