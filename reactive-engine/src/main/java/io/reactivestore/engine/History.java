package io.reactivestore.engine;

import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is on record of a trace, by step key, and the numbers that are still free. */
final class History {

    /** The node of step 0, whose payload is the input. */
    static final String START = "start";

    private final Map<String, PersistenceEnvelope> byKey = new ConcurrentHashMap<>();
    private final AtomicLong lastStep = new AtomicLong();

    void addAll(List<PersistenceEnvelope> envelopes) {
        envelopes.stream().filter(envelope -> envelope.step() > 0).forEach(this::add);
    }

    void add(PersistenceEnvelope envelope) {
        lastStep.accumulateAndGet(envelope.step(), Math::max);
        byKey.merge(envelope.nodeId(), envelope, (known, next) -> isResult(known) ? known : next);
    }

    @Nullable
    PersistenceEnvelope newest(String key) {
        return byKey.get(key);
    }

    long nextStep() {
        return lastStep.incrementAndGet();
    }

    /** Whether a replay emits it. A failed attempt is none, but a person's decision that the node fails is. */
    static boolean isResult(PersistenceEnvelope envelope) {
        return switch (envelope.outcome()) {
            case SUCCESS, SKIPPED -> true;
            case FAULT -> InterventionFailedException.isRecordedIn(envelope.failure());
            case STARTED -> false;
        };
    }

    static boolean isStart(PersistenceEnvelope envelope) {
        return envelope.step() == 0 && envelope.nodeId().equals(START) && envelope.outcome() == Outcome.SUCCESS;
    }
}
