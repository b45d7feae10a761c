package io.reactivestore.engine;

import io.reactivestore.Completion;
import io.reactivestore.CompletionState;
import io.reactivestore.Failure;
import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.journal.JournalEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to a trace: an entry of its journal, put into the words of the engine. See {@link DurableEngine#watch}.
 *
 * <pre>{@code
 * Flux<String> lines = engine.watch("order-42").mapNotNull(update -> {
 *     if (update instanceof TraceUpdate.StepRecorded step) {
 *         return step.node() + ": " + step.outcome();
 *     }
 *     return update instanceof TraceUpdate.Progress progress ? progress.name() + " " + progress.value().as(Integer.class) : null;
 * });
 * }</pre>
 */
public sealed interface TraceUpdate {

    /**
     * Gives the entry.
     *
     * @return what stands in the journal
     */
    JournalEntry entry();

    /**
     * Gives the trace.
     *
     * @return the id of the trace
     */
    default String traceId() {
        return entry().traceId();
    }

    /**
     * Gives the place: who goes on behind it with {@link DurableEngine#watch(String, long)} misses nothing and sees nothing twice.
     *
     * @return the position of the entry; rises from update to update, not always by one
     */
    default long position() {
        return entry().position();
    }

    /**
     * Gives the time on record. Order is the position, never this.
     *
     * @return when it happened
     */
    default Instant at() {
        return entry().event().at();
    }

    /**
     * The trace was created, or is told anew, by a migration.
     *
     * @param entry what stands in the journal
     * @param workflow the workflow it runs
     * @param version the version it is pinned to
     * @param input the input
     */
    record Started(JournalEntry entry, String workflow, String version, RecordedValue input) implements TraceUpdate {}

    /**
     * An attempt of a step that records its start is about to run.
     *
     * @param entry what stands in the journal
     * @param step the number of the step
     * @param node the key of the step
     * @param attempt which try it is
     */
    record StepBegun(JournalEntry entry, long step, String node, int attempt) implements TraceUpdate {}

    /**
     * An attempt of a step ended.
     *
     * @param entry what stands in the journal
     * @param envelope its record
     * @param value the result, if it succeeded
     * @param isResult whether it is what the code of the workflow sees; otherwise another attempt, a fallback or a decision follows
     * @param waitsFor what the step waits for from here on, or null
     */
    record StepRecorded(
            JournalEntry entry,
            PersistenceEnvelope envelope,
            RecordedValue value,
            boolean isResult,
            @Nullable Wait waitsFor)
            implements TraceUpdate {

        /**
         * Gives the step.
         *
         * @return the number of the step
         */
        public long step() {
            return envelope.step();
        }

        /**
         * Gives the step by name.
         *
         * @return the key of the step
         */
        public String node() {
            return envelope.nodeId();
        }

        /**
         * Gives the attempt.
         *
         * @return which try it was
         */
        public int attempt() {
            return envelope.attempt();
        }

        /**
         * Gives the outcome.
         *
         * @return how the attempt ended
         */
        public Outcome outcome() {
            return envelope.outcome();
        }

        /**
         * Gives the failure on record.
         *
         * @return what went wrong and what follows, or why the step was skipped, or null
         */
        public @Nullable Failure failure() {
            return envelope.failure();
        }

        /**
         * Tells a step of the workflow from one that takes such a step back.
         *
         * @return the key of the step that this one takes back, or null
         */
        public @Nullable String takesBack() {
            return Unwinding.takenBack(node());
        }
    }

    /**
     * A step began to wait.
     *
     * @param entry what stands in the journal
     * @param what what for, and until when
     */
    record Waiting(JournalEntry entry, Wait what) implements TraceUpdate {}

    /**
     * The code of the workflow told how far it has got, with {@link WorkflowContext#emit}.
     *
     * @param entry what stands in the journal
     * @param scope the path of the scopes it was told in, such as {@code orders/7}; empty if there are none
     * @param name the kind of progress
     * @param value what it told
     */
    record Progress(JournalEntry entry, String scope, String name, RecordedValue value) implements TraceUpdate {}

    /**
     * Somebody decided about a node, or to cancel the trace.
     *
     * @param entry what stands in the journal
     * @param decision what was decided, by whom and why
     * @param value the payload of the decision
     */
    record Decided(JournalEntry entry, Intervention decision, RecordedValue value) implements TraceUpdate {}

    /**
     * The trace goes on behind a step: it was resumed or rewound. What was recorded beyond that step is void.
     *
     * @param entry what stands in the journal
     * @param fromStep the last step kept
     */
    record Resumed(JournalEntry entry, long fromStep) implements TraceUpdate {}

    /**
     * An engine took the trace over.
     *
     * @param entry what stands in the journal
     * @param owner the name of the engine
     */
    record Claimed(JournalEntry entry, String owner) implements TraceUpdate {}

    /**
     * The trace left its engine's memory.
     *
     * @param entry what stands in the journal
     * @param wakeAt when it goes on by itself, or null if only a decision brings it back
     */
    record Suspended(JournalEntry entry, @Nullable Instant wakeAt) implements TraceUpdate {}

    /**
     * The trace failed, was cancelled or ran out of time, and steps are now taken back.
     *
     * @param entry what stands in the journal
     * @param how the end of the trace if not all of them can be
     * @param nodes the keys of the steps, in the order in which they are taken back
     */
    record TakingBack(JournalEntry entry, CompletionState how, List<String> nodes) implements TraceUpdate {}

    /**
     * The trace was taken over too often without any progress and is put aside until somebody resumes it.
     *
     * @param entry what stands in the journal
     */
    record DeadLettered(JournalEntry entry) implements TraceUpdate {}

    /**
     * Something else was recorded: a custom entry, such as where a fork comes from.
     *
     * @param entry what stands in the journal
     * @param type what kind of thing
     * @param value its content
     */
    record Noted(JournalEntry entry, String type, RecordedValue value) implements TraceUpdate {}

    /**
     * The trace ended.
     *
     * @param entry what stands in the journal
     * @param end how
     * @param result the result, if it succeeded
     */
    record Ended(JournalEntry entry, Completion end, RecordedValue result) implements TraceUpdate {}
}
