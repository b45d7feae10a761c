package io.reactivestore.core;

import io.reactivestore.Payload;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.JournalEvent.Resumed;
import io.reactivestore.journal.JournalEvent.StepRecorded;
import io.reactivestore.journal.Outgoing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants appended to one trace.
 *
 * @param traceId the trace
 * @param expectedPosition where its journal must end, or {@link #ANYWHERE}
 * @param events what to append; an event that is on record already is absorbed
 * @param known the trace as the caller read it, or null
 * @param seen up to where the caller has taken decisions in, or {@link #ALL_SEEN}
 * @param outgoing what leaves the trace if an event is written
 */
record Command(
        String traceId,
        long expectedPosition,
        List<JournalEvent> events,
        @Nullable TraceFold known,
        long seen,
        List<Outgoing> outgoing) {

    static final long ANYWHERE = -1;

    static final long ALL_SEEN = Long.MAX_VALUE;

    private static final int BYTES_PER_EVENT = 512;

    Command(String traceId, long expectedPosition, List<JournalEvent> events, @Nullable TraceFold known) {
        this(traceId, expectedPosition, events, known, ALL_SEEN, List.of());
    }

    /** Whether the caller asks for the end of the journal rather than for the place of the last event. */
    boolean isPositioned() {
        return expectedPosition != ANYWHERE;
    }

    /**
     * What to assume of a trace of which the lane knows nothing, so that it need not be read: what the caller knows, or for
     * what looks like a start, that it is new. A wrong assumption is harmless: the append collides, and the trace is read.
     */
    @Nullable
    TraceFold assumption() {
        if (known != null) {
            return known;
        }
        boolean looksNew = expectedPosition == 0
                || (expectedPosition == ANYWHERE
                        && seen == ALL_SEEN
                        && !events.isEmpty()
                        && events.get(0) instanceof StepRecorded first
                        && first.envelope().step() <= 1);
        return looksNew && !events.isEmpty() ? TraceFold.tail(traceId) : null;
    }

    /**
     * Judges each event.
     *
     * @return for each event {@link Rules#WRITE}, or the position at which it stands already
     * @throws io.reactivestore.error.StoreException if the command is refused
     */
    long[] judge(TraceFold trace, long writer) {
        long[] recorded = new long[events.size()];
        if (recorded.length > 0 && isPositioned() && expectedPosition != trace.position()) {
            throw new PositionConflictException(traceId, expectedPosition, trace.position());
        }
        // of a trace that is about to be created, or to be told anew, only the first event can be refused
        int toJudge = trace.exists() && !replaces() ? recorded.length : Math.min(1, recorded.length);
        for (int i = 0; i < toJudge; i++) {
            recorded[i] = Rules.judge(trace, events.get(i), writer);
        }
        if (replaces() && events.get(1) instanceof StepRecorded first) {
            Rules.judgeWorkflow(trace, first.envelope());
        }
        if (trace.steeredAt() > seen && writes(recorded)) {
            throw new PositionConflictException(traceId, seen, trace.position());
        }
        return recorded;
    }

    /** Whether what is on record is void before the rest of the list is written. */
    private boolean replaces() {
        return events.size() > 1 && events.get(0) instanceof Resumed;
    }

    /** Whether a judgement has something to write. */
    static boolean writes(long[] recorded) {
        for (long position : recorded) {
            if (position == Rules.WRITE) {
                return true;
            }
        }
        return false;
    }

    /** About how much memory the command holds while it waits. */
    long bytes() {
        long bytes = 0;
        for (int i = 0; i < events.size(); i++) {
            Payload payload = events.get(i).payload();
            bytes += BYTES_PER_EVENT + (payload == null ? 0 : payload.size());
        }
        return bytes;
    }
}
