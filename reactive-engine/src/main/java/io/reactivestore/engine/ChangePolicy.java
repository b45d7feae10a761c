package io.reactivestore.engine;

/**
 * What a workflow does with a trace that was started with other code: with a version that is not registered, or with a pipeline
 * of another shape. A trace whose very version is registered always runs with that one.
 *
 * <pre>{@code
 * WorkflowDefinition order = Workflow.named("order").version("2").onChange(ChangePolicy.CONTINUE);
 * }</pre>
 */
public enum ChangePolicy {
    /**
     * The default: a trace runs with the version it was started with or not at all
     * ({@link UnknownWorkflowException}). A pipeline of another shape but the same version is reported as
     * {@link EngineEvent.StructureChanged} and goes on.
     */
    PINNED,
    /**
     * Names are identity: the trace goes on with this code, whatever it was started with. What is on record under the names that
     * this code asks for is not done again. Another shape is reported.
     */
    CONTINUE,
    /** As {@link #PINNED}, and a pipeline of another shape is refused ({@link WorkflowChangedException}). */
    REFUSE,
    /**
     * The trace is told anew, by the {@link Migration}s of the workflow, before it goes on. One that no chain of them brings to
     * this version, or this shape, is refused.
     */
    MIGRATE
}
