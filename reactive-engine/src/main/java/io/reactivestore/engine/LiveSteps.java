package io.reactivestore.engine;

import io.reactivestore.engine.LiveStep.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a run that are live, and whether any of them does something. Its monitor is held for a few assignments; nothing
 * is called under it but a look at what the journal of the run has pending.
 */
final class LiveSteps {

    enum Entry {
        ENTERED,
        TWIN,
        CLOSED
    }

    private final Map<String, LiveStep<?>> byName = new HashMap<>();
    private final Map<String, LiveStep<?>> byKey = new HashMap<>();
    private int busy;
    private long changes;
    private boolean closed;
    private List<Runnable> whenQuiet = List.of();

    /** Lets a step in as {@link Phase#TURNING}. One that was cancelled and only ends is no twin. */
    synchronized Entry enter(LiveStep<?> step) {
        if (closed) {
            return Entry.CLOSED;
        }
        LiveStep<?> twin = byName.get(step.name());
        if (twin != null && !twin.isUnheard()) {
            return Entry.TWIN;
        }
        byName.put(step.name(), step);
        byKey.put(step.key(), step);
        step.phase = Phase.TURNING;
        busy++;
        changes++;
        return Entry.ENTERED;
    }

    /** Moves a step on. Gives false, and changes nothing, if it is not in that phase. */
    boolean move(LiveStep<?> step, Phase from, Phase to) {
        return move(step, from, to, null);
    }

    boolean move(LiveStep<?> step, Phase from, Phase to, @Nullable Instant wakeAt) {
        List<Runnable> toRun;
        synchronized (this) {
            if (step.phase != from) {
                return false;
            }
            turn(step, to, wakeAt);
            busy += weight(to) - weight(from);
            toRun = quiet();
        }
        toRun.forEach(Runnable::run);
        return true;
    }

    /** Moves a step on for what was begun in one of its turns. Gives false if that turn is over. */
    boolean moveIn(long turn, LiveStep<?> step, Phase from, Phase to) {
        synchronized (this) {
            if (step.turn != turn || step.phase != from) {
                return false;
            }
            turn(step, to, null);
            busy += weight(to) - weight(from);
        }
        return true;
    }

    /** Takes a step from what it does, if somebody has decided something about it: in one, so that the decision is still there. */
    boolean interrupt(LiveStep<?> step, boolean evenIfRunning, BooleanSupplier decided) {
        synchronized (this) {
            boolean mayBe = step.phase == Phase.WAITING || (evenIfRunning && step.phase == Phase.RUNNING);
            if (!mayBe || !decided.getAsBoolean()) {
                return false;
            }
            busy += weight(Phase.RECORDING) - weight(step.phase);
            turn(step, Phase.RECORDING, null);
        }
        return true;
    }

    /** Ends a step whose record is durable. The run does not count as quiet until {@link #rest}: the code goes on first. */
    synchronized boolean leave(LiveStep<?> step) {
        if (step.phase != Phase.RECORDING) {
            return false;
        }
        turn(step, Phase.OVER, null);
        return true;
    }

    /** What is on record is read for the code: the run does not count as quiet until {@link #rest}. */
    synchronized void hold() {
        busy++;
        changes++;
    }

    /** What a step that left had the code do is done. */
    void rest() {
        List<Runnable> toRun;
        synchronized (this) {
            busy--;
            changes++;
            toRun = quiet();
        }
        toRun.forEach(Runnable::run);
    }

    private void turn(LiveStep<?> step, Phase to, @Nullable Instant wakeAt) {
        changes++;
        step.phase = to;
        step.wakeAt = wakeAt;
        if (to == Phase.TURNING) {
            step.turn++;
        } else if (to == Phase.OVER) {
            byName.remove(step.name(), step);
            byKey.remove(step.key(), step);
        }
    }

    synchronized boolean isOver(LiveStep<?> step) {
        return step.phase == Phase.OVER;
    }

    /** Runs the action as soon as no function and no recording is under way; at once if none is. */
    void whenQuiet(Runnable action) {
        List<Runnable> toRun;
        synchronized (this) {
            List<Runnable> more = new ArrayList<>(whenQuiet);
            more.add(action);
            whenQuiet = more;
            toRun = quiet();
        }
        toRun.forEach(Runnable::run);
    }

    private List<Runnable> quiet() {
        if (busy > 0 || whenQuiet.isEmpty()) {
            return List.of();
        }
        List<Runnable> toRun = whenQuiet;
        whenQuiet = List.of();
        return toRun;
    }

    /** Lets no further step in. */
    synchronized void close() {
        closed = true;
    }

    /** Lets no further step in, unless something has changed. */
    synchronized boolean closeIfUnchanged(long since) {
        if (changes == since && busy == 0) {
            closed = true;
        }
        return closed;
    }

    synchronized @Nullable LiveStep<?> find(String key) {
        return byKey.get(key);
    }

    synchronized List<LiveStep<?>> all() {
        return List.copyOf(byKey.values());
    }

    /** Whether there is nothing to do but to wait. */
    synchronized boolean isWaiting() {
        return busy == 0 && !byKey.isEmpty();
    }

    /** Changes with every step that comes, goes or does something. */
    synchronized long changes() {
        return changes;
    }

    /** When the first of those that wait has to go on, or null if none of them knows. */
    synchronized @Nullable Instant nextWake() {
        Instant next = null;
        for (LiveStep<?> step : byKey.values()) {
            Instant at = step.wakeAt;
            if (at != null && (next == null || at.isBefore(next))) {
                next = at;
            }
        }
        return next;
    }

    private static int weight(Phase phase) {
        return phase == Phase.WAITING || phase == Phase.OVER ? 0 : 1;
    }
}
