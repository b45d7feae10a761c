package io.reactivestore.testkit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactivestore.Capability;
import io.reactivestore.PersistedTrace;
import io.reactivestore.ReactiveStore;
import io.reactivestore.TraceHead;
import io.reactivestore.error.StoreException;
import io.reactivestore.journal.JournalEntry;
import io.reactivestore.journal.JournalEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of several processes over a few traces, executed against the store and against {@link ReferenceModel}: every
 * answer must be equal. A failure prints the seed and the shortest history found that still fails.
 */
abstract class HistoryRules extends Subject {

    private static final int HISTORIES = STRESS ? 3_000 : 60;
    private static final int SHRINKING_RUNS = 400;
    private static final long SEED = 42;

    private final ReactiveStore[] processes = new ReactiveStore[HistoryGenerator.STORES];
    private final long[] writers = new long[HistoryGenerator.STORES];
    private long writersSoFar;
    private int runs;

    HistoryRules(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void MODEL_random_histories_are_answered_as_the_rules_say() {
        assumeTrue(
                store().find(Capability.JOURNAL).isPresent()
                        && store().find(Capability.CATALOG).isPresent(),
                "random histories need the facets JOURNAL and CATALOG");
        for (int i = 0; i < processes.length; i++) {
            restart(i);
        }
        for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
            List<Command> history = new HistoryGenerator(seed).history();
            Optional<String> difference = firstDifference(history);
            if (difference.isPresent()) {
                fail(report(seed, history, difference.get()));
            }
        }
    }

    private String report(long seed, List<Command> history, String difference) {
        List<Command> shrunk = shrink(history);
        StringBuilder text = new StringBuilder("Seed ").append(seed).append(": a history of ");
        text.append(history.size())
                .append(" commands, shrunk to ")
                .append(shrunk.size())
                .append(":\n");
        for (int i = 0; i < shrunk.size(); i++) {
            text.append("  ").append(i + 1).append(". ").append(shrunk.get(i)).append('\n');
        }
        return text.append(firstDifference(shrunk).orElse("It passes now and then: a race. At first: " + difference))
                .toString();
    }

    /** Drops halves, quarters, ... and single commands for as long as the rest still fails. */
    private List<Command> shrink(List<Command> history) {
        List<Command> failing = history;
        int end = runs + SHRINKING_RUNS;
        for (int size = history.size() / 2;
                size >= 1;
                size = size > 1 || failing.size() == history.size() ? size / 2 : 0) {
            for (int start = 0; start < failing.size() && runs < end; ) {
                List<Command> fewer = new ArrayList<>(failing);
                fewer.subList(start, Math.min(start + size, failing.size())).clear();
                if (firstDifference(fewer).isPresent()) {
                    failing = fewer;
                } else {
                    start += size;
                }
            }
        }
        return failing;
    }

    /** Runs a history over traces of its own. */
    private Optional<String> firstDifference(List<Command> history) {
        int run = runs++;
        ReferenceModel model = new ReferenceModel();
        Map<Long, Long> realWriters = new HashMap<>();
        for (int i = 0; i < history.size(); i++) {
            Command command = history.get(i);
            if (command instanceof Command.Restart) {
                restart(command.store());
            }
            Optional<String> difference = difference(command, "run-" + run + "-", model, realWriters);
            if (difference.isPresent()) {
                return Optional.of("Command " + (i + 1) + ", " + command + ": " + difference.get());
            }
        }
        ReactiveStore witness = store();
        for (int trace = 0; trace < HistoryGenerator.TRACES; trace++) {
            for (Command look :
                    List.of(new Command.Load(0, trace), new Command.Read(0, trace, 0), new Command.Find(0, trace))) {
                Optional<String> difference = difference(look, "run-" + run + "-", model, realWriters, witness);
                if (difference.isPresent()) {
                    return Optional.of("In the end, " + look + ": " + difference.get());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> difference(
            Command command, String prefix, ReferenceModel model, Map<Long, Long> realWriters) {
        return difference(command, prefix, model, realWriters, processes[command.store()]);
    }

    private Optional<String> difference(
            Command command, String prefix, ReferenceModel model, Map<Long, Long> realWriters, ReactiveStore process) {
        String traceId = prefix + command.trace();
        long position = model.position(traceId);
        Answer expected = ask(command, model, writers[command.store()], traceId);
        Answer found = get(Answer.to(command.call(process, traceId, position)));
        Answer comparable =
                found.refusal() == null ? Answer.of(comparable(found.value(), expected.value(), realWriters)) : found;
        return expected.isLike(comparable)
                ? Optional.empty()
                : Optional.of("\n  expected " + expected + "\n  found    " + comparable);
    }

    private static Answer ask(Command command, ReferenceModel model, long writer, String traceId) {
        try {
            return Answer.of(command.ask(model, writer, traceId));
        } catch (StoreException refusal) {
            return Answer.refused(refusal);
        }
    }

    /** What the store gave, with the times of resumes and the names of writers put as the model puts them. */
    private static @Nullable Object comparable(
            @Nullable Object found, @Nullable Object expected, Map<Long, Long> realWriters) {
        if (found instanceof TraceHead head && expected instanceof TraceHead model) {
            return comparable(head, model, realWriters);
        }
        if (found instanceof PersistedTrace trace && expected instanceof PersistedTrace model) {
            return new PersistedTrace(
                    comparable(trace.head(), model.head(), realWriters),
                    trace.envelopes(),
                    trace.interventions(),
                    trace.resumedFromStep(),
                    trace.resumptionCount(),
                    trace.lastResumedAt() == null ? null : ReferenceModel.SOME_TIME,
                    trace.completion(),
                    trace.position(),
                    trace.claimsSinceProgress());
        }
        if (found instanceof List<?> entries && expected instanceof List<?> model && entries.size() == model.size()) {
            List<JournalEntry> comparable = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                JournalEntry entry = (JournalEntry) Objects.requireNonNull(entries.get(i));
                long expectedWriter = ((JournalEntry) Objects.requireNonNull(model.get(i))).writer();
                JournalEvent event = entry.event() instanceof JournalEvent.Resumed resumed
                        ? new JournalEvent.Resumed(resumed.fromStep(), ReferenceModel.SOME_TIME)
                        : entry.event();
                long writer = writer(entry.writer(), expectedWriter, realWriters);
                comparable.add(new JournalEntry(entry.traceId(), entry.position(), writer, event));
            }
            return comparable;
        }
        return found;
    }

    private static TraceHead comparable(TraceHead found, TraceHead expected, Map<Long, Long> realWriters) {
        Long holder = found.holder();
        Long model = expected.holder();
        return new TraceHead(
                found.traceId(),
                found.workflow(),
                found.version(),
                found.status(),
                holder == null || model == null ? holder : (Long) writer(holder, model, realWriters),
                found.dueAt(),
                found.createdAt(),
                expected.updatedAt().equals(ReferenceModel.SOME_TIME) ? ReferenceModel.SOME_TIME : found.updatedAt());
    }

    /** The model's name of a writer if the real one has been this one so far. */
    private static long writer(long found, long expected, Map<Long, Long> realWriters) {
        Long writer = realWriters.putIfAbsent(expected, found);
        return writer == null || writer == found ? expected : found;
    }

    private void restart(int process) {
        if (processes[process] != null) {
            run(processes[process].close());
        }
        processes[process] = open();
        writers[process] = ++writersSoFar;
    }
}
