package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.InterventionAction;
import io.reactivestore.InterventionRecord;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.error.PositionConflictException;
import io.reactivestore.journal.Journal;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import io.reactivestore.journal.Outgoing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/**
 * The journal of a trace as its run knows it. Whatever the run writes is refused if somebody has decided something that the run
 * has not seen, and what a step came to by itself also if it has not taken in a decision about it: the run looks then, and decides
 * anew. So what stands behind a decision was written in its knowledge. Its monitor is held for a few assignments, never while
 * something is called.
 */
final class RunJournal {

    private final String traceId;
    private final Journal journal;
    private final int every;
    private final Consumer<JournalEntry> foreign;
    private final Runnable gap;
    private final TreeSet<Long> ownBeyond = new TreeSet<>();
    private final Map<String, List<Intervention>> pending = new LinkedHashMap<>();
    private final Map<String, Payload> overrides = new HashMap<>();
    private List<JournalEvent> putOff = List.of();
    private long seen;
    private int underWay;
    private boolean isReplacing;
    private boolean isRetold;

    /**
     * Makes it.
     *
     * @param every how many results make a checkpoint
     * @param foreign is told of each entry that others wrote, in order
     * @param gap is told when others must have written something
     */
    RunJournal(String traceId, Journal journal, int every, Consumer<JournalEntry> foreign, Runnable gap) {
        this.traceId = traceId;
        this.journal = journal;
        this.every = every;
        this.foreign = foreign;
        this.gap = gap;
    }

    /**
     * Takes over what is on record.
     *
     * @param since what was decided and taken in up to this position no longer counts
     */
    synchronized void open(PersistedTrace trace, long since) {
        seen = trace.position();
        for (InterventionRecord record : trace.interventions()) {
            Long applied = record.appliedPosition();
            if (applied == null) {
                addPending(record.intervention());
            } else if (applied > since) {
                overrideWith(record.intervention());
            }
        }
    }

    /**
     * Records what a step came to by itself, unless somebody has decided something about it that it has not taken in. The policy
     * may put it off: it then counts as written at once.
     *
     * @param failed is told {@link PositionConflictException} if there is something to {@link #look} at
     */
    void checkpoint(PersistenceEnvelope envelope, Runnable written, Consumer<Throwable> failed) {
        boolean isPutOff;
        try {
            isPutOff = every > 1 && putsOff(envelope);
        } catch (PositionConflictException decided) {
            failed.accept(decided);
            return;
        }
        if (isPutOff) {
            written.run();
        } else {
            record(envelope, false, written, failed);
        }
    }

    /**
     * Records something about a step, and before it what was put off.
     *
     * @param decided whether it is what somebody decided; otherwise nothing may be decided about the step
     * @param written is run once all is durable
     * @param failed is told {@link PositionConflictException} if there is something to {@link #look} at
     */
    void record(PersistenceEnvelope envelope, boolean decided, Runnable written, Consumer<Throwable> failed) {
        LongSupplier known = decided ? this::seen : () -> seenBy(envelope.nodeId());
        write(new JournalEvent.StepRecorded(envelope), known, List.of(), position -> written.run(), failed);
    }

    /**
     * Writes an event, and before it what was put off, if nothing was decided behind the position.
     *
     * @param outgoing what leaves the trace with it
     * @param written is told where it stands
     */
    void writeAfter(
            long known, JournalEvent event, List<Outgoing> outgoing, LongConsumer written, Consumer<Throwable> failed) {
        write(event, () -> known, outgoing, written, failed);
    }

    private void write(
            JournalEvent event,
            LongSupplier known,
            List<Outgoing> outgoing,
            LongConsumer written,
            Consumer<Throwable> failed) {
        List<JournalEvent> before = takePutOff();
        if (before.isEmpty()) {
            append(List.of(event), known, outgoing, written, failed);
            return;
        }
        List<JournalEvent> all = new ArrayList<>(before);
        all.add(event);
        append(all, known, outgoing, written, error -> {
            putBack(before);
            failed.accept(error);
        });
    }

    /** Writes what was put off. */
    void flush(Runnable written, Consumer<Throwable> failed) {
        List<JournalEvent> all = takePutOff();
        if (all.isEmpty()) {
            written.run();
            return;
        }
        append(all, this::seen, List.of(), position -> written.run(), error -> {
            putBack(all);
            failed.accept(error);
        });
    }

    private void append(
            List<JournalEvent> events,
            LongSupplier known,
            List<Outgoing> outgoing,
            LongConsumer written,
            Consumer<Throwable> failed) {
        Mono.defer(() -> journal.appendAfter(traceId, begin(known), events, outgoing))
                .subscribe(new Append(events.size(), written, failed));
    }

    private final class Append extends BaseSubscriber<Long> {

        private final int events;
        private final LongConsumer written;
        private final Consumer<Throwable> failed;
        private boolean isOver;

        Append(int events, LongConsumer written, Consumer<Throwable> failed) {
            this.events = events;
            this.written = written;
            this.failed = failed;
        }

        @Override
        protected void hookOnNext(Long position) {
            isOver = true;
            end(position, events);
            written.accept(position);
        }

        @Override
        protected void hookOnError(Throwable error) {
            if (!isOver) {
                end(0, 0);
            }
            failed.accept(error);
        }
    }

    private synchronized boolean putsOff(PersistenceEnvelope envelope) {
        seenBy(envelope.nodeId());
        if (putOff.size() + 1 >= every) {
            return false;
        }
        if (putOff.isEmpty()) {
            putOff = new ArrayList<>();
        }
        return putOff.add(new JournalEvent.StepRecorded(envelope));
    }

    private synchronized List<JournalEvent> takePutOff() {
        List<JournalEvent> taken = putOff;
        putOff = List.of();
        return taken;
    }

    private synchronized void putBack(List<JournalEvent> events) {
        List<JournalEvent> all = new ArrayList<>(events);
        all.addAll(putOff);
        putOff = all;
        pending.keySet().forEach(this::dropPutOff);
    }

    /** What somebody decided about takes the place of a result that is not durable; so what followed that is not kept either. */
    private void dropPutOff(String node) {
        long from = Long.MAX_VALUE;
        for (JournalEvent event : putOff) {
            if (event instanceof JournalEvent.StepRecorded recorded
                    && recorded.envelope().nodeId().equals(node)) {
                from = recorded.envelope().step();
            }
        }
        if (from != Long.MAX_VALUE) {
            long first = from;
            putOff = new ArrayList<>(putOff);
            putOff.removeIf(event -> event instanceof JournalEvent.StepRecorded recorded
                    && recorded.envelope().step() >= first);
        }
    }

    private long begin(LongSupplier known) {
        synchronized (this) {
            underWay++;
            if (isRetold) {
                throw new PositionConflictException(traceId, seen, seen);
            }
        }
        return known.getAsLong();
    }

    /**
     * The position up to which the run has taken decisions in.
     *
     * @throws PositionConflictException if there is one about the step, so that nothing else may be recorded of it
     */
    synchronized long seenBy(String key) {
        if (hasPending(key)) {
            throw new PositionConflictException(traceId, seen, seen);
        }
        return seen;
    }

    private void end(long position, int written) {
        boolean hasGap;
        synchronized (this) {
            underWay--;
            if (position == seen + written) {
                seen = position;
            } else {
                for (long own = position - written + 1; own <= position; own++) {
                    ownBeyond.add(own);
                }
            }
            passOwn();
            hasGap = underWay == 0 && !ownBeyond.isEmpty();
        }
        if (hasGap) {
            gap.run();
        }
    }

    /** Voids what is on record and tells the trace anew, if nothing stands behind what the run has seen. */
    Mono<Long> replace(long known, List<JournalEvent> story) {
        return Mono.defer(() -> {
                    replacing(true);
                    return journal.replace(traceId, known, story);
                })
                .doOnError(error -> replacing(false));
    }

    private synchronized void replacing(boolean is) {
        isReplacing = is;
    }

    /** Whether it is the run itself that tells the trace anew. */
    synchronized boolean isReplacing() {
        return isReplacing;
    }

    /** What is decided and not yet taken in. */
    synchronized List<Intervention> allPending() {
        return pending.values().stream().flatMap(List::stream).toList();
    }

    /** Takes note of an entry that the run wrote by other means. */
    void passed(long position) {
        synchronized (this) {
            underWay++;
        }
        end(position, 1);
    }

    private void passOwn() {
        while (!ownBeyond.isEmpty() && ownBeyond.first() <= seen + 1) {
            seen = Math.max(seen, ownBeyond.pollFirst());
        }
    }

    /** Reads what stands behind what the run has seen and tells of it. */
    Mono<Void> look() {
        return Mono.defer(
                () -> journal.read(traceId, seen()).doOnNext(this::take).then());
    }

    private void take(JournalEntry entry) {
        synchronized (this) {
            if (entry.position() <= seen) {
                return;
            }
            seen = entry.position();
            passOwn();
            if (entry.event() instanceof JournalEvent.Intervened intervened) {
                addPending(intervened.intervention());
            } else if (entry.event() instanceof JournalEvent.Resumed) {
                // what the run has in memory is no longer what is on record
                isRetold |= !isReplacing;
            }
        }
        foreign.accept(entry);
    }

    synchronized long seen() {
        return seen;
    }

    private void addPending(Intervention decision) {
        pending.computeIfAbsent(decision.targetNode(), node -> new ArrayList<>(1))
                .add(decision);
        dropPutOff(decision.targetNode());
    }

    /** The nodes about which something is decided and not yet taken in. */
    synchronized Set<String> pendingNodes() {
        return pending.isEmpty() ? Set.of() : Set.copyOf(pending.keySet());
    }

    synchronized boolean hasPending(String key) {
        return !pending.isEmpty() && pending.containsKey(key);
    }

    synchronized @Nullable Intervention pending(String key) {
        List<Intervention> decisions = pending.get(key);
        return decisions == null ? null : decisions.get(0);
    }

    synchronized @Nullable Intervention takePending(String key) {
        List<Intervention> decisions = pending.get(key);
        if (decisions == null) {
            return null;
        }
        Intervention first = decisions.remove(0);
        if (decisions.isEmpty()) {
            pending.remove(key);
        }
        return first;
    }

    synchronized void overrideWith(Intervention decision) {
        if (decision.action() == InterventionAction.RERUN && decision.payloadOverride() != null) {
            overrides.put(decision.targetNode(), decision.payloadOverride());
        }
    }

    synchronized @Nullable Payload override(String key) {
        return overrides.get(key);
    }
}
