package io.reactivestore.engine;

import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is on record of a trace, by step key, and the numbers that are still free. */
final class History {

    /** The node of step 0, whose payload is the input. */
    static final String START = "start";

    /**
     * What is on record of one step.
     *
     * @param step its number
     * @param ordinals rise with each record of the trace: the place of each of this step's among all of them
     * @param records in the order of the journal
     */
    record Node(long step, List<Long> ordinals, List<PersistenceEnvelope> records) {

        long lastOrdinal() {
            return ordinals.get(ordinals.size() - 1);
        }

        PersistenceEnvelope last() {
            return records.get(records.size() - 1);
        }

        /** The last that says how the step stands: a refused decision changes nothing. */
        @Nullable
        PersistenceEnvelope effective() {
            for (int i = records.size() - 1; i >= 0; i--) {
                if (!Remark.REFUSED.equals(Remark.of(records.get(i)))) {
                    return records.get(i);
                }
            }
            return null;
        }

        /** How many failed attempts stand at the end that another one was to follow. */
        int failuresInARow() {
            int failures = 0;
            for (int i = records.size() - 1; i >= 0; i--) {
                PersistenceEnvelope record = records.get(i);
                Remark remark = Remark.of(record);
                if (remark != null && remark.kind() == Remark.Kind.NEXT_ATTEMPT) {
                    failures++;
                } else if (record.outcome() != Outcome.STARTED && !Remark.REFUSED.equals(remark)) {
                    break;
                }
            }
            return failures;
        }

        Node with(PersistenceEnvelope next, long nextOrdinal) {
            List<PersistenceEnvelope> all = new ArrayList<>(records.size() + 1);
            all.addAll(records);
            all.add(next);
            List<Long> places = new ArrayList<>(ordinals.size() + 1);
            places.addAll(ordinals);
            places.add(nextOrdinal);
            return new Node(step, places, all);
        }
    }

    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final AtomicLong lastStep = new AtomicLong();
    private final AtomicLong ordinals = new AtomicLong();

    void addAll(List<PersistenceEnvelope> envelopes) {
        for (PersistenceEnvelope envelope : envelopes) {
            if (envelope.step() > 0) {
                add(envelope);
            }
        }
    }

    void add(PersistenceEnvelope envelope) {
        if (envelope.step() > lastStep.get()) {
            lastStep.accumulateAndGet(envelope.step(), Math::max);
        }
        long ordinal = ordinals.incrementAndGet();
        Node first = new Node(envelope.step(), List.of(ordinal), List.of(envelope));
        if (nodes.putIfAbsent(envelope.nodeId(), first) != null) {
            nodes.computeIfPresent(envelope.nodeId(), (key, known) -> known.with(envelope, ordinal));
        }
    }

    @Nullable
    Node node(String key) {
        return nodes.get(key);
    }

    /** The keys on record, in the order in which they came to their latest record. */
    List<String> keys() {
        return nodes.entrySet().stream()
                .sorted(Comparator.comparingLong(node -> node.getValue().lastOrdinal()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The keys of the steps whose end is a failure. */
    List<String> failedKeys() {
        return nodes.entrySet().stream()
                .filter(node -> node.getValue().last().outcome() == Outcome.FAULT
                        && isResult(node.getValue().last()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The highest step that is on record. */
    long highestRecorded() {
        return nodes.values().stream().mapToLong(Node::step).max().orElse(0);
    }

    /** Whether the step came to an end, which a replay signals. */
    boolean hasResult(String key) {
        Node node = nodes.get(key);
        return node != null && isResult(node.last());
    }

    long lastStep() {
        return lastStep.get();
    }

    long nextStep() {
        return lastStep.incrementAndGet();
    }

    /** Whether a replay signals it: a success, a skip, and a failure behind which nothing follows. */
    static boolean isResult(PersistenceEnvelope envelope) {
        return switch (envelope.outcome()) {
            case SUCCESS, SKIPPED -> true;
            case FAULT -> Remark.of(envelope) == null;
            case STARTED -> false;
        };
    }

    static boolean isStart(PersistenceEnvelope envelope) {
        return envelope.step() == 0 && envelope.nodeId().equals(START) && envelope.outcome() == Outcome.SUCCESS;
    }
}
