package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.TraceHead;
import io.reactivestore.TraceStatus;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a replay has to go by, and how much of it the code has asked for. */
final class ReplayRecord {

    private final List<PersistenceEnvelope> envelopes;
    private final Map<String, Boolean> hasResult = new LinkedHashMap<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Map<PersistenceEnvelope, Integer> places = new IdentityHashMap<>();
    private final TraceHead head;
    private final @Nullable Completion completion;
    private @Nullable PersistenceEnvelope latest;
    private int latestPlace;

    ReplayRecord(PersistedTrace trace) {
        head = trace.head();
        completion = trace.completion();
        envelopes = trace.envelopes().stream()
                .filter(envelope -> !isOfUnwinding(envelope.nodeId()))
                .toList();
        for (PersistenceEnvelope envelope : envelopes) {
            places.put(envelope, places.size());
            if (envelope.step() > 0) {
                hasResult.put(envelope.nodeId(), History.isResult(envelope));
            }
        }
    }

    private static boolean isOfUnwinding(String key) {
        return key.equals(Unwinding.NODE) || Unwinding.isUndo(key);
    }

    /** The trace as it was when the code last did something, without decisions: those that count are on record as results. */
    PersistedTrace trace() {
        return new PersistedTrace(head, envelopes, List.of(), null, 0, null, null, envelopes.size(), 0);
    }

    boolean isKnown(String key) {
        return hasResult.containsKey(key);
    }

    void asked(String key) {
        asked.add(key);
    }

    /** Takes note that a result is told. Gives the step that is on record behind it but was told before it, if there is one. */
    synchronized @Nullable String told(PersistenceEnvelope result) {
        Integer place = places.remove(result);
        PersistenceEnvelope before = latest;
        if (place == null) {
            return null;
        }
        if (before == null || latestPlace < place) {
            latest = result;
            latestPlace = place;
            return null;
        }
        return before.nodeId();
    }

    /** The steps that nobody asked for. */
    List<String> unasked() {
        return hasResult.keySet().stream().filter(key -> !asked.contains(key)).toList();
    }

    /** Whether nothing was under way: all that the code had asked for is on record. */
    boolean isAtRest() {
        boolean waits = head.status() == TraceStatus.WAITING && hasResult.containsValue(false);
        return waits || ownEnd() != null;
    }

    /** The end that the code came to by itself, or null if it has not, or somebody else ended the trace. */
    @Nullable
    Completion ownEnd() {
        if (completion == null || completion.state() == CompletionState.SUCCESS) {
            return completion;
        }
        Failure failure = completion.failure();
        boolean isOthers = completion.state() == CompletionState.CANCELLED
                || completion.state() == CompletionState.TIMED_OUT
                || (failure != null
                        && (failure.type().equals("cancelled") || failure.type().equals("deadline")));
        return isOthers ? null : completion;
    }
}
