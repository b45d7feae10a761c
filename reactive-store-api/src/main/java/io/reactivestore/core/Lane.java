package io.reactivestore.core;

import io.reactivestore.error.StoreException;
import io.reactivestore.error.StoreFailedException;
import io.reactivestore.error.StoreUnavailableException;
import io.reactivestore.spi.TraceAppend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.util.concurrent.Queues;

/**
 * An actor that has at most one batch under way; what queues meanwhile is the next batch. All its state but the mailbox is
 * confined to {@link #work}, which one thread at a time runs, whoever it is. Decisions are taken when a batch is formed, never
 * while one is under way, so a decision always stands on what is durable or goes into the same commit.
 */
final class Lane {

    /** What the mailbox takes: requests, the backend's answers, and tails that somebody has read. */
    sealed interface Message permits Request, Written, NotWritten, TailsRead, TailsNotRead, Learned, Deleted {}

    /** The batch is durable but for these traces. */
    record Written(Set<String> leftOut) implements Message {}

    record NotWritten(Throwable error) implements Message {}

    record TailsRead(Collection<TraceFold> tails) implements Message {}

    record TailsNotRead(Collection<String> traceIds, Throwable error) implements Message {}

    record Learned(TraceFold tail) implements Message {}

    record Deleted(String traceId) implements Message {}

    /** So many collisions of one request mean a backend that does not keep its contract. */
    private static final int MAX_COLLISIONS = 1_000;

    /** So many answers at once are worth holding the next batch back until their receivers have been told. */
    private static final int MANY = 2;

    /** So many traces are read at once. */
    private static final int READ_TRACES = 64;

    private final Journals journals;
    private final StoreConfig config;
    private final long writer;
    private final Consumer<Request> release;
    private final Queue<Message> mailbox =
            Queues.<Message>unboundedMultiproducer().get();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final Set<Thread> signalling = ConcurrentHashMap.newKeySet();
    private final Patience patience;

    private final TailCache tails;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private final Map<String, ArrayDeque<Request>> parked = new HashMap<>();
    private final Map<String, Slot> doubtful = new HashMap<>();
    private final List<String> toRead = new ArrayList<>();
    private List<Slot> batch = new ArrayList<>();
    private boolean writing;
    private boolean reading;
    private List<Request> answered = new ArrayList<>();

    Lane(Journals journals, StoreConfig config, long writer, Consumer<Request> release) {
        this.journals = journals;
        this.config = config;
        this.writer = writer;
        this.release = release;
        this.tails = new TailCache(config.cachedSteps() / config.lanes());
        this.patience = new Patience(config.scheduler(), () -> !signalling.isEmpty(), this::drain);
    }

    /**
     * Takes a message in. While a thread signals the answers of a batch, what their receivers submit from that thread is
     * gathered, so that a full batch follows a full batch; for a moment only, and other threads do not wait for it.
     */
    void tell(Message message) {
        mailbox.offer(message);
        if (!signalling.contains(Thread.currentThread())) {
            drain();
        }
    }

    private void drain() {
        while (wakeUps.getAndIncrement() == 0) {
            List<Request> toSignal = work();
            if (toSignal.isEmpty()) {
                return;
            }
            signalling.add(Thread.currentThread());
            if (toSignal.size() >= MANY) {
                patience.begin(); // what is held back meanwhile does not wait for a receiver that takes his time
            }
            for (int i = 0; i < toSignal.size(); i++) {
                toSignal.get(i).signal();
            }
            signalling.remove(Thread.currentThread());
        }
    }

    /** Works the mailbox off; gives the requests whose callers can be told, which is to be done outside. */
    private List<Request> work() {
        List<Request> toSignal = List.of();
        int seen = 1;
        do {
            for (Message message = mailbox.poll(); message != null; message = mailbox.poll()) {
                take(message);
            }
            if (!writing && !isWorthGathering(answered.size() + toSignal.size())) {
                formBatch();
            }
            if (!reading && !toRead.isEmpty()) {
                readTails();
            }
            if (toSignal.isEmpty()) {
                toSignal = answered;
                answered = new ArrayList<>();
            } else {
                toSignal.addAll(answered);
                answered.clear();
            }
            seen = wakeUps.addAndGet(-seen);
        } while (seen != 0);
        return toSignal;
    }

    /** Whether more is to be expected from those who are about to be told than what waits now. */
    private boolean isWorthGathering(int answers) {
        return answers >= MANY && waiting.size() < answers;
    }

    private void take(Message message) {
        if (message instanceof Request request) {
            waiting.add(request);
        } else if (message instanceof Written written) {
            finishBatch(written.leftOut());
        } else if (message instanceof NotWritten failed) {
            failBatch(failed.error());
        } else if (message instanceof TailsRead read) {
            reading = false;
            read.tails().forEach(this::unpark);
        } else if (message instanceof TailsNotRead failed) {
            reading = false;
            failed.traceIds().forEach(id -> failParked(id, failed.error()));
        } else if (message instanceof Learned learned) {
            learn(learned.tail());
        } else if (message instanceof Deleted deleted) {
            forget(deleted.traceId());
        }
    }

    private void formBatch() {
        int rows = 0;
        long bytes = 0;
        while (rows < config.maxBatchRows() && bytes < config.maxBatchBytes() && !waiting.isEmpty()) {
            Request request = waiting.poll();
            if (request.isCancelled()) {
                finish(request);
            } else if (isParked(request)) {
                park(request.command.traceId()).add(request);
            } else if (decide(request)) {
                rows += request.command.events().size();
                bytes += request.bytes;
            }
        }
        tails.trim();
        if (!batch.isEmpty()) {
            batch.sort(Slot.BY_TRACE);
            List<TraceAppend> appends = new ArrayList<>(batch.size());
            for (int i = 0; i < batch.size(); i++) {
                appends.add(batch.get(i).toAppend());
            }
            writing = true;
            journals.append(appends)
                    .single()
                    .subscribe(leftOut -> tell(new Written(leftOut)), error -> tell(new NotWritten(error)));
        }
    }

    private boolean isParked(Request request) {
        return !parked.isEmpty() && parked.containsKey(request.command.traceId());
    }

    /** Decides about a request; true if the batch has grown. */
    private boolean decide(Request request) {
        Command command = request.command;
        String traceId = command.traceId();
        TraceFold trace = tails.get(traceId);
        if (trace == null) {
            trace = request.collisions > 0 ? null : command.assumption();
            if (trace == null) {
                park(traceId).add(request);
                return false;
            }
        }
        Slot slot = trace.slot;
        long[] recorded = null;
        try {
            recorded = command.judge(trace, writer);
        } catch (StoreException refusal) {
            request.refuse(refusal);
        }
        boolean writes = recorded != null && Command.writes(recorded);
        if (!writes && slot == null && !request.fresh) {
            // a write is proved right by its commit, an answer only by what the journal holds now
            park(traceId).add(request);
            return false;
        }
        if (writes && slot == null) {
            slot = openSlot(trace);
        }
        if (recorded != null) {
            long last = trace.position();
            for (int i = 0; i < recorded.length; i++) {
                last = recorded[i] == Rules.WRITE && slot != null
                        ? slot.add(command.events().get(i), writer)
                        : recorded[i];
            }
            if (writes && slot != null) {
                slot.send(command.outgoing());
            }
            request.answer(command.isPositioned() ? trace.position() : last);
        }
        if (slot == null) {
            finish(request);
        } else {
            // even an answer that writes nothing may stand on what this batch is only about to write
            slot.requests.add(request);
        }
        return writes;
    }

    private Slot openSlot(TraceFold trace) {
        // it stays in the cache, so that the commands of one batch share it, but is not weighed while it grows
        Slot slot = new Slot(trace, writer);
        trace.slot = slot;
        tails.pin(trace);
        batch.add(slot);
        return slot;
    }

    private void finishBatch(Set<String> leftOut) {
        for (Slot slot : closeBatch()) {
            if (!leftOut.isEmpty() && leftOut.contains(slot.trace.traceId())) {
                tails.remove(slot.trace);
                collide(slot);
            } else {
                tails.unpin(slot.trace);
                slot.requests.forEach(this::finish);
            }
        }
    }

    private List<Slot> closeBatch() {
        List<Slot> closed = batch;
        batch = new ArrayList<>(closed.size());
        writing = false;
        for (Slot slot : closed) {
            slot.trace.slot = null;
        }
        return closed;
    }

    /** Somebody else wrote where the slot was to write, or an earlier try of this very batch did: read, then decide again. */
    private void collide(Slot slot) {
        ArrayDeque<Request> again = park(slot.trace.traceId());
        for (Request request : slot.requests) {
            if (++request.collisions > MAX_COLLISIONS) {
                request.refuse(new StoreFailedException(
                        slot.trace.traceId(),
                        "The backend reported " + MAX_COLLISIONS + " collisions in a row for trace '"
                                + slot.trace.traceId() + "'. It does not keep its contract.",
                        null));
                finish(request);
            } else {
                again.add(request);
            }
        }
        doubtful.put(slot.trace.traceId(), slot);
    }

    private void failBatch(Throwable error) {
        for (Slot slot : closeBatch()) {
            tails.remove(slot.trace);
            slot.requests.forEach(request -> fail(request, error));
        }
    }

    private ArrayDeque<Request> park(String traceId) {
        return parked.computeIfAbsent(traceId, id -> {
            toRead.add(id);
            return new ArrayDeque<>(2);
        });
    }

    private void readTails() {
        List<String> next = toRead.subList(0, Math.min(READ_TRACES, toRead.size()));
        List<String> traceIds = List.copyOf(next);
        Map<String, Slot> compared = Map.copyOf(doubtful);
        next.clear();
        for (String traceId : traceIds) {
            parked.getOrDefault(traceId, new ArrayDeque<>(0)).forEach(request -> request.fresh = true);
        }
        reading = true;
        journals.tails(traceIds, id -> observedFrom(compared.get(id)), entry -> {
                    Slot slot = compared.get(entry.traceId());
                    if (slot != null) {
                        slot.compare(entry);
                    }
                })
                .single()
                .subscribe(read -> tell(new TailsRead(read)), error -> tell(new TailsNotRead(traceIds, error)));
    }

    private static long observedFrom(@Nullable Slot slot) {
        return slot == null ? Long.MAX_VALUE : slot.firstPosition();
    }

    private void unpark(TraceFold tail) {
        tails.put(tail);
        ArrayDeque<Request> again = parked.remove(tail.traceId());
        Slot slot = doubtful.remove(tail.traceId());
        if (again == null) {
            return;
        }
        if (slot != null && slot.isThereAlready()) {
            for (Iterator<Request> i = again.iterator(); i.hasNext(); ) {
                Request request = i.next();
                if (slot.requests.contains(request)) {
                    finish(request);
                    i.remove();
                }
            }
        }
        for (Iterator<Request> i = again.descendingIterator(); i.hasNext(); ) {
            waiting.addFirst(i.next());
        }
    }

    private void failParked(String traceId, Throwable error) {
        doubtful.remove(traceId);
        ArrayDeque<Request> failed = parked.remove(traceId);
        if (failed != null) {
            failed.forEach(request -> fail(request, error));
        }
    }

    /** A tail that somebody read is worth keeping if nothing newer is known and nothing of the trace is under way. */
    private void learn(TraceFold tail) {
        String traceId = tail.traceId();
        TraceFold known = tails.get(traceId);
        boolean busy = (known != null && known.slot != null) || parked.containsKey(traceId);
        if (!busy && (known == null || known.position() < tail.position())) {
            tails.put(tail);
        }
    }

    /** What is under way finds out by itself. */
    private void forget(String traceId) {
        TraceFold known = tails.get(traceId);
        if (known != null && known.slot == null) {
            tails.forget(known);
        }
    }

    private void fail(Request request, Throwable error) {
        String traceId = request.command.traceId();
        String message =
                error instanceof StoreException ? String.valueOf(error.getMessage()) : "The backend failed: " + error;
        request.refuse(
                error instanceof StoreException trouble && trouble.isTransient()
                        ? new StoreUnavailableException(traceId, message, error)
                        : new StoreFailedException(traceId, message, error));
        finish(request);
    }

    private void finish(Request request) {
        release.accept(request);
        answered.add(request);
    }
}
