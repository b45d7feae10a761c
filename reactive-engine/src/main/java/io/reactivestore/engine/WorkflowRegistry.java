package io.reactivestore.engine;

import java.util.Map;
import java.util.TreeMap;

/** The workflows an engine knows, by name and version. */
final class WorkflowRegistry {

    private final Map<String, Map<String, Workflow<?, ?>>> byName = new TreeMap<>();

    void add(Workflow<?, ?> workflow) {
        Map<String, Workflow<?, ?>> versions = byName.computeIfAbsent(workflow.name(), name -> new TreeMap<>());
        if (versions.putIfAbsent(workflow.version(), workflow) != null) {
            throw new IllegalArgumentException("workflow '" + workflow + "' is registered twice");
        }
    }

    WorkflowRegistry copy() {
        WorkflowRegistry copy = new WorkflowRegistry();
        byName.values().forEach(versions -> versions.values().forEach(copy::add));
        return copy;
    }

    /**
     * Looks up the workflow that a trace is pinned to.
     *
     * @throws UnknownWorkflowException if it is not registered
     */
    Workflow<?, ?> require(String traceId, String name, String version) {
        Workflow<?, ?> workflow = byName.getOrDefault(name, Map.of()).get(version);
        if (workflow == null) {
            throw new UnknownWorkflowException(
                    traceId,
                    name,
                    version,
                    byName.values().stream()
                            .flatMap(versions -> versions.values().stream())
                            .map(Workflow::toString)
                            .toList());
        }
        return workflow;
    }
}
