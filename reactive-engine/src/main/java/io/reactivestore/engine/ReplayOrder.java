package io.reactivestore.engine;

import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
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

    /** One that is told later is not over when its action returns. */
    private record Turn(long ordinal, long asked, boolean isToldLater, Consumer<Runnable> action)
            implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int byOrdinal = Long.compare(ordinal, other.ordinal);
            return byOrdinal == 0 ? Long.compare(asked, other.asked) : byOrdinal;
        }
    }

    private final PriorityQueue<Turn> turns = new PriorityQueue<>(2);
    private long asked;
    private @Nullable Turn telling;

    /** Runs the action before anything is told of what it asks for. */
    void first(Runnable action) {
        at(0, action);
    }

    /** Runs the action when all that was recorded before is told. */
    void at(long ordinal, Runnable action) {
        add(ordinal, false, nothing -> action.run());
    }

    /**
     * Runs the action when all that was recorded before is told. What it tells it may tell later: nothing else is told before it
     * runs what it is given.
     */
    void later(long ordinal, Consumer<Runnable> action) {
        add(ordinal, true, action);
    }

    private void add(long ordinal, boolean isToldLater, Consumer<Runnable> action) {
        synchronized (this) {
            turns.add(new Turn(ordinal, asked++, isToldLater, action));
        }
        tell();
    }

    private void tell() {
        for (Turn turn = next(); turn != null; turn = next()) {
            if (turn.isToldLater()) {
                tellLater(turn);
            } else {
                try {
                    turn.action().accept(() -> {});
                } finally {
                    told(turn);
                }
            }
        }
    }

    /** If it is told while its action runs, whoever runs the action goes on: a long row of them must not be a deep stack. */
    private void tellLater(Turn turn) {
        AtomicBoolean isLeft = new AtomicBoolean();
        turn.action().accept(() -> {
            told(turn);
            if (!isLeft.compareAndSet(false, true)) {
                tell();
            }
        });
        isLeft.set(true);
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
        return telling == null && turns.isEmpty();
    }

    /** The next in turn; none while something is told: who tells it then comes back. */
    private synchronized @Nullable Turn next() {
        Turn next = telling != null ? null : turns.poll();
        if (next != null && next.ordinal() != NEW) {
            telling = next;
        }
        return next;
    }

    private synchronized void told(Turn turn) {
        if (telling == turn) {
            telling = null;
        }
    }
}
