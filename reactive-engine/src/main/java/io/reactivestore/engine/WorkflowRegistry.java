package io.reactivestore.engine;

import io.reactivestore.TraceHead;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The workflows an engine knows, by name and version. */
final class WorkflowRegistry {

    private final Map<String, Map<String, Workflow<?, ?>>> byName = new TreeMap<>();

    void add(Workflow<?, ?> workflow) {
        Map<String, Workflow<?, ?>> versions = byName.computeIfAbsent(workflow.name(), name -> new LinkedHashMap<>());
        if (versions.putIfAbsent(workflow.version(), workflow) != null) {
            throw new IllegalArgumentException("workflow '" + workflow + "' is registered twice");
        }
    }

    /**
     * The workflow for a trace: that of its very version, or else the one registered last that takes traces of that version; null
     * if there is none.
     */
    @Nullable
    Workflow<?, ?> taking(TraceHead head) {
        Workflow<?, ?> taking = find(head.workflow(), head.version());
        if (taking == null) {
            for (Workflow<?, ?> workflow :
                    byName.getOrDefault(head.workflow(), Map.of()).values()) {
                taking = workflow.takes(head) ? workflow : taking;
            }
        }
        return taking;
    }

    Set<String> names() {
        return byName.keySet();
    }

    @Nullable
    Workflow<?, ?> find(String name, String version) {
        return byName.getOrDefault(name, Map.of()).get(version);
    }

    /** Whether ends of traces are told to endpoints. */
    boolean tellsAny() {
        return byName.values().stream()
                .flatMap(versions -> versions.values().stream())
                .anyMatch(workflow -> !workflow.traits().ends().told().isEmpty());
    }

    WorkflowRegistry copy() {
        WorkflowRegistry copy = new WorkflowRegistry();
        byName.values().forEach(versions -> versions.values().forEach(copy::add));
        return copy;
    }

    /**
     * Looks up the workflow for a trace.
     *
     * @throws UnknownWorkflowException if none that takes it is registered
     */
    Workflow<?, ?> require(TraceHead head) {
        Workflow<?, ?> workflow = taking(head);
        if (workflow == null) {
            throw new UnknownWorkflowException(
                    head.traceId(),
                    head.workflow(),
                    head.version(),
                    byName.values().stream()
                            .flatMap(versions -> versions.values().stream())
                            .map(Workflow::toString)
                            .toList());
        }
        return workflow;
    }
}
