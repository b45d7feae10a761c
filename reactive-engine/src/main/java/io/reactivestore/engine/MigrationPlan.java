package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.journal.JournalEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a trace that was started with other code, before anything is written.
 *
 * <pre>{@code
 * Mono<String> dryRun = engine.migration("order-42").map(MigrationPlan::toString);
 * }</pre>
 *
 * @param traceId the trace
 * @param workflow the name of its workflow
 * @param from the version on record
 * @param to the version it will be of
 * @param hops the migrations that lead there, in their order
 * @param nodes what becomes of each node on record, in the order of the steps; then the supplied ones
 * @param story what will be on record
 * @param position where the journal must end
 * @param decisions what has been decided about nodes that have another name from here on
 */
public record MigrationPlan(
        String traceId,
        String workflow,
        String from,
        String to,
        List<String> hops,
        List<Node> nodes,
        List<PersistenceEnvelope> story,
        long position,
        List<Intervention> decisions) {

    /** The type of the custom entry that records a migration, as JSON with its versions and its nodes. */
    public static final String MIGRATED = "reactivestore:migrated";

    /** What becomes of a node. */
    public enum Fate {
        /** It stays on record. */
        KEPT,
        /** It stays on record under another name. */
        RENAMED,
        /** It is forgotten. */
        DROPPED,
        /** It is forgotten because the trace goes on before it. */
        AGAIN,
        /** It is new, and counts as done. */
        SUPPLIED
    }

    /**
     * A node of the trace.
     *
     * @param before its key on record, or null if it is supplied
     * @param after its key from here on, or null if it is forgotten
     * @param fate what becomes of it
     * @param mapped whether its result changes
     */
    public record Node(@Nullable String before, @Nullable String after, Fate fate, boolean mapped) {}

    /** What the custom entry says. */
    private record Note(String from, String to, List<String> hops, List<Node> nodes) {}

    /**
     * Copies the lists.
     *
     * @param traceId the trace
     * @param workflow the name of its workflow
     * @param from the version on record
     * @param to the version it will be of
     * @param hops in their order
     * @param nodes what becomes of each node
     * @param story in journal order
     * @param position where the journal must end
     * @param decisions under the new names
     */
    public MigrationPlan {
        hops = List.copyOf(hops);
        nodes = List.copyOf(nodes);
        story = List.copyOf(story);
        decisions = List.copyOf(decisions);
    }

    /**
     * Finds out what a workflow would make of a trace, without an engine: for a trace read from a store, before the code is
     * deployed.
     *
     * @param workflow today's code
     * @param trace the trace
     * @param codec the codec of the engine
     * @return the plan, or empty if the trace runs as it is
     * @throws WorkflowConflictException if it is of another workflow, or of a version from which no migration leads to this one
     * @throws WorkflowChangedException if it has another shape, and the workflow refuses that
     * @throws MigrationFailedException if a migration fails
     */
    public static Optional<MigrationPlan> of(Workflow<?, ?> workflow, PersistedTrace trace, PayloadCodec codec) {
        return MigrationPlanner.plan(workflow, trace, codec);
    }

    /** The entries that tell the trace anew. */
    List<JournalEvent> events(Instant now) {
        List<JournalEvent> events = new ArrayList<>(story.size() + 1);
        story.forEach(envelope -> events.add(new JournalEvent.StepRecorded(envelope)));
        Payload note = JsonCodec.INSTANCE.encode(new Note(from, to, hops, nodes), Note.class);
        events.add(new JournalEvent.Custom(MIGRATED, note, now));
        return events;
    }

    /** Readable, a line for each node; no content. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("trace '" + traceId + "' of workflow '" + workflow + "': " + hops);
        for (Node node : nodes) {
            text.append("\n  ").append(node.fate()).append(' ').append(node.before() == null ? "" : node.before());
            if (node.after() != null && !node.after().equals(node.before())) {
                text.append(node.before() == null ? "" : " -> ").append(node.after());
            }
            text.append(node.mapped() ? ", result mapped" : "");
        }
        return text.toString();
    }
}
