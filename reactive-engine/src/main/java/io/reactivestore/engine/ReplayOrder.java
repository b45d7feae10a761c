package io.reactivestore.engine;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Tells the code what is on record in the order in which it was recorded, whatever order the code asks in, and begins nothing new
 * before all that is asked for is told. So branches that ran side by side meet again as they met the first time: one that failed
 * does not hide what others had done by then, and what it made superfluous is not begun again.
 *
 * <p>Its monitor is held for a few assignments. Of what is on record, one at a time is told; what is new runs side by side.
 */
final class ReplayOrder {

    private static final long NEW = Long.MAX_VALUE;

    private record Turn(long ordinal, long asked, Runnable action) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int byOrdinal = Long.compare(ordinal, other.ordinal);
            return byOrdinal == 0 ? Long.compare(asked, other.asked) : byOrdinal;
        }
    }

    private final PriorityQueue<Turn> turns = new PriorityQueue<>(2);
    private long asked;
    private boolean telling;

    /** Runs the action before anything is told of what it asks for. */
    void first(Runnable action) {
        at(0, action);
    }

    /** Runs the action when all that was recorded before is told. */
    void at(long ordinal, Runnable action) {
        synchronized (this) {
            turns.add(new Turn(ordinal, asked++, action));
        }
        for (Turn turn = next(); turn != null; turn = next()) {
            try {
                turn.action().run();
            } finally {
                told(turn);
            }
        }
    }

    /** Runs the action when all on record that was asked for is told. */
    void afterAll(Runnable action) {
        if (isIdle()) {
            action.run();
        } else {
            at(NEW, action);
        }
    }

    private synchronized boolean isIdle() {
        return !telling && turns.isEmpty();
    }

    /** The next in turn; none while something is told: who tells it then comes back. */
    private synchronized @Nullable Turn next() {
        Turn next = telling ? null : turns.poll();
        telling |= next != null && next.ordinal() != NEW;
        return next;
    }

    private synchronized void told(Turn turn) {
        telling &= turn.ordinal() == NEW;
    }
}
