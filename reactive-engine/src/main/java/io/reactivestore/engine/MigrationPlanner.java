package io.reactivestore.engine;

import io.reactivestore.Intervention;
import io.reactivestore.Outcome;
import io.reactivestore.Payload;
import io.reactivestore.PersistedTrace;
import io.reactivestore.PersistenceEnvelope;
import io.reactivestore.Sha256;
import io.reactivestore.TraceHead;
import io.reactivestore.engine.MigrationPlan.Fate;
import io.reactivestore.engine.MigrationPlan.Node;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes the story of a trace in another version. Pure: nothing is read or written. */
final class MigrationPlanner {

    private static final int ID_CHARS = 255;

    /** A record on its way through the versions. */
    private record Carried(@Nullable String before, PersistenceEnvelope envelope, boolean mapped) {
        String key() {
            return envelope.nodeId();
        }
    }

    private final Workflow<?, ?> workflow;
    private final PersistedTrace trace;
    private final PayloadCodec codec;
    private final List<Migration> hops;
    private final Map<String, Fate> gone = new HashMap<>();
    private List<Carried> story = new ArrayList<>();

    private MigrationPlanner(Workflow<?, ?> workflow, PersistedTrace trace, PayloadCodec codec, List<Migration> hops) {
        this.workflow = workflow;
        this.trace = trace;
        this.codec = codec;
        this.hops = hops;
    }

    static Optional<MigrationPlan> plan(Workflow<?, ?> workflow, PersistedTrace trace, PayloadCodec codec) {
        return hops(workflow, trace).map(hops -> new MigrationPlanner(workflow, trace, codec, hops).plan());
    }

    /** The recorded input as the workflow knows it, also of a trace that has ended. */
    static Payload input(Workflow<?, ?> workflow, PersistedTrace trace, PayloadCodec codec, Payload recorded) {
        List<Migration> hops = isAsRecorded(workflow, trace) ? null : path(workflow, trace);
        return hops == null ? recorded : new MigrationPlanner(workflow, trace, codec, hops).input(recorded);
    }

    /** The migrations that lead from what is on record to the workflow; empty if none is needed. */
    private static Optional<List<Migration>> hops(Workflow<?, ?> workflow, PersistedTrace trace) {
        TraceHead head = trace.head();
        if (!workflow.takes(head)) {
            throw new WorkflowConflictException(
                    head.traceId(), head.workflow() + ":" + head.version(), workflow.toString());
        }
        if (isAsRecorded(workflow, trace)) {
            return Optional.empty();
        }
        CodeChanges changes = workflow.traits().changes();
        List<Migration> path = path(workflow, trace);
        boolean isRefused = changes.policy() == ChangePolicy.MIGRATE || changes.policy() == ChangePolicy.REFUSE;
        if (path == null && isRefused) {
            throw new WorkflowChangedException(
                    head.traceId(), workflow, TraceMeta.of(trace).structure(), changes.structure());
        }
        return Optional.ofNullable(path);
    }

    static boolean isAsRecorded(Workflow<?, ?> workflow, PersistedTrace trace) {
        return trace.head().version().equals(workflow.version())
                && Objects.equals(
                        TraceMeta.of(trace).structure(), workflow.traits().structure());
    }

    private static @Nullable List<Migration> path(Workflow<?, ?> workflow, PersistedTrace trace) {
        CodeChanges changes = workflow.traits().changes();
        return changes.policy() == ChangePolicy.MIGRATE
                ? changes.path(trace.head().version(), workflow.version())
                : null;
    }

    private MigrationPlan plan() {
        for (PersistenceEnvelope envelope : trace.envelopes()) {
            if (envelope.nodeId().equals(Unwinding.NODE)) {
                throw failed("it is being taken back. Register the version on record to let that come to its end.");
            }
            story.add(new Carried(envelope.step() == 0 ? null : envelope.nodeId(), envelope, false));
        }
        hops.forEach(this::hop);
        meta();
        Map<String, String> newNames = new HashMap<>();
        story.forEach(carried -> {
            if (carried.before() != null) {
                newNames.put(carried.before(), carried.key());
            }
        });
        List<Intervention> decisions = decisions(newNames);
        check();
        return new MigrationPlan(
                trace.head().traceId(),
                workflow.name(),
                trace.head().version(),
                workflow.version(),
                hops.stream().map(Migration::toString).toList(),
                nodes(),
                story.stream()
                        .map(carried -> carried.envelope().withVersion(workflow.version()))
                        .toList(),
                trace.position(),
                decisions);
    }

    private void hop(Migration hop) {
        History history = history();
        String restart = hop.restartsFrom();
        History.Node from = restart == null ? null : history.node(restart);
        long last = hop.isFromStart() ? 0 : from == null ? Long.MAX_VALUE : from.step() - 1;
        remove(carried -> carried.envelope().step() > last, Fate.AGAIN);
        remove(carried -> carried.envelope().step() > 0 && hop.keyOf(carried.key()) == null, Fate.DROPPED);
        story.replaceAll(carried -> moved(hop, carried));
        hop.supplied().forEach((key, result) -> {
            if (history().node(key) == null) {
                story.add(supplied(key, result.apply(codec)));
            }
        });
    }

    private Carried moved(Migration hop, Carried carried) {
        PersistenceEnvelope envelope = carried.envelope();
        boolean isInput = History.isStart(envelope);
        if (envelope.step() == 0 && !isInput) {
            return carried;
        }
        String key = isInput ? envelope.nodeId() : Objects.requireNonNull(hop.keyOf(envelope.nodeId()));
        Migration.Mapper mapper = isInput ? hop.inputMapper() : hop.mapperOf(envelope.nodeId());
        Payload payload = envelope.payload();
        PersistenceEnvelope named = named(envelope, key);
        if (mapper == null || payload == null || envelope.outcome() != Outcome.SUCCESS) {
            return new Carried(carried.before(), named, carried.mapped());
        }
        Payload result = mapped(hop, mapper, envelope.nodeId(), payload);
        return new Carried(carried.before(), named.withPayload(result), true);
    }

    private Payload input(Payload recorded) {
        Payload input = recorded;
        for (Migration hop : hops) {
            Migration.Mapper mapper = hop.inputMapper();
            input = mapper == null ? input : mapped(hop, mapper, History.START, input);
        }
        return input;
    }

    /** What the user's function says may hold content, so it is left out. */
    private Payload mapped(Migration hop, Migration.Mapper mapper, String key, Payload payload) {
        try {
            return mapper.apply(codec, payload);
        } catch (PayloadCodecException misfit) {
            throw failed("the result of '" + key + "' does not fit migration " + hop + ". " + misfit.getMessage());
        } catch (RuntimeException thrown) {
            throw failed("migration " + hop + " failed at '" + key + "' with "
                    + thrown.getClass().getName());
        }
    }

    private static PersistenceEnvelope named(PersistenceEnvelope old, String key) {
        return new PersistenceEnvelope(
                old.traceId(),
                old.workflow(),
                old.version(),
                old.step(),
                key,
                old.attempt(),
                old.outcome(),
                old.at(),
                old.payload(),
                old.idempotencyKey(),
                old.failure());
    }

    private Carried supplied(String key, Payload result) {
        long step = history().lastStep() + 1;
        Instant at = trace.head().updatedAt();
        PersistenceEnvelope envelope = PersistenceEnvelope.of(
                        trace.head().traceId(), workflow.name(), step, key, Outcome.SUCCESS, at)
                .withPayload(result);
        return new Carried(null, envelope, false);
    }

    /** The shape is that of the code from here on. */
    private void meta() {
        TraceMeta old = TraceMeta.of(trace);
        TraceMeta meta = old.withStructure(workflow.traits().structure());
        story.removeIf(carried -> carried.key().equals(TraceMeta.NODE) || Shape.isGraph(carried.envelope()));
        Shape shape = workflow.traits().changes().shape();
        if (shape != null) {
            story.add(1, beside(Shape.NODE, shape.graph()));
        }
        if (!meta.isEmpty()) {
            story.add(1, beside(TraceMeta.NODE, meta.toPayload()));
        }
    }

    private Carried beside(String node, Payload payload) {
        PersistenceEnvelope start = story.get(0).envelope();
        PersistenceEnvelope envelope = PersistenceEnvelope.of(
                        start.traceId(), start.workflow(), 0, node, Outcome.SUCCESS, start.at())
                .withPayload(payload);
        return new Carried(null, envelope, false);
    }

    /**
     * A decision that is pending stays so: what stands behind it in the story must not look as if it had taken it in. About a node
     * with a result it means that the trace goes back there, so that is done right away.
     */
    private List<Intervention> decisions(Map<String, String> newNames) {
        List<Intervention> renamed = new ArrayList<>();
        Set<String> known = new HashSet<>();
        trace.interventions().forEach(record -> known.add(record.intervention().id()));
        for (Intervention decision : trace.pendingInterventions()) {
            String old = decision.targetNode();
            String target = newNames.getOrDefault(old, old);
            History history = history();
            if (!target.equals(old)) {
                if (history.node(old) != null) {
                    throw failed("decision '" + decision.id() + "' about '" + old
                            + "' is pending, and another node has that name from here on. Let the version on record take"
                            + " it in first.");
                }
                String id = shortened(decision.id() + "@" + target);
                if (!known.contains(id)) {
                    renamed.add(new Intervention(
                            id,
                            target,
                            decision.action(),
                            decision.payloadOverride(),
                            decision.reason(),
                            decision.operator(),
                            decision.at()));
                }
            }
            History.Node node = history.node(target);
            if (node != null && history.hasResult(target)) {
                remove(carried -> carried.envelope().step() >= node.step(), Fate.AGAIN);
            } else if (node != null) {
                story.removeIf(carried ->
                        carried.key().equals(target) && carried.envelope().outcome() != Outcome.STARTED);
            }
        }
        return renamed;
    }

    private static String shortened(String id) {
        return id.length() <= ID_CHARS
                ? id
                : Sha256.of(id.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private void remove(Predicate<Carried> condition, Fate fate) {
        List<Carried> kept = new ArrayList<>();
        for (Carried carried : story) {
            if (!condition.test(carried)) {
                kept.add(carried);
            } else if (carried.before() != null) {
                gone.putIfAbsent(carried.before(), fate);
            }
        }
        story = kept;
    }

    private void check() {
        Map<String, Long> steps = new HashMap<>();
        for (Carried carried : story) {
            PersistenceEnvelope envelope = carried.envelope();
            Long other = envelope.step() == 0 ? null : steps.putIfAbsent(carried.key(), envelope.step());
            if (other != null && other != envelope.step()) {
                throw failed("two nodes have the name '" + carried.key() + "' from here on");
            }
            boolean renamed = carried.before() != null && !carried.before().equals(carried.key());
            History.Node node = renamed ? history().node(carried.key()) : null;
            if (node != null && waitsForTrace(node.last())) {
                throw failed("'" + carried.before()
                        + "' waits for another trace, which knows it by that name. Keep the name, or drop"
                        + " the node.");
            }
        }
    }

    private static boolean waitsForTrace(PersistenceEnvelope last) {
        WaitNote note = last.outcome() == Outcome.STARTED ? WaitNote.of(last.payload()) : null;
        return note != null && note.kind() == Wait.Kind.TRACE;
    }

    private List<Node> nodes() {
        Map<String, Node> nodes = new LinkedHashMap<>();
        Map<String, Carried> stay = new HashMap<>();
        story.forEach(carried -> {
            if (carried.before() != null) {
                stay.merge(carried.before(), carried, (one, other) -> other.mapped() ? other : one);
            }
        });
        for (PersistenceEnvelope envelope : trace.envelopes()) {
            String before = envelope.nodeId();
            if (envelope.step() > 0) {
                nodes.computeIfAbsent(before, key -> node(key, stay.get(key)));
            }
        }
        List<Node> all = new ArrayList<>(nodes.values());
        for (Carried carried : story) {
            if (carried.before() == null && carried.envelope().step() > 0) {
                all.add(new Node(null, carried.key(), Fate.SUPPLIED, false));
            }
        }
        return all;
    }

    private Node node(String before, @Nullable Carried stays) {
        if (stays == null) {
            return new Node(before, null, gone.getOrDefault(before, Fate.AGAIN), false);
        }
        Fate fate = stays.key().equals(before) ? Fate.KEPT : Fate.RENAMED;
        return new Node(before, stays.key(), fate, stays.mapped());
    }

    private History history() {
        History history = new History();
        history.addAll(story.stream().map(Carried::envelope).toList());
        return history;
    }

    private MigrationFailedException failed(String why) {
        return new MigrationFailedException(trace.head().traceId(), trace.head().version(), workflow.version(), why);
    }
}
