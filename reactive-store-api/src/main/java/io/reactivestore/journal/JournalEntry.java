package io.reactivestore.journal;

import io.reactivestore.internal.Check;

/**
 * One record of a journal.
 *
 * @param traceId the trace
 * @param position its place: 1, 2, 3 ... without gaps
 * @param writer the store instance that wrote it: a random number each instance draws when it is opened
 * @param event what it says
 */
public record JournalEntry(String traceId, long position, long writer, JournalEvent event) {

    /** Checks the fields. */
    public JournalEntry {
        Check.traceId(traceId);
        Check.atLeast("position", position, 1);
        Check.present("event", event);
    }
}
