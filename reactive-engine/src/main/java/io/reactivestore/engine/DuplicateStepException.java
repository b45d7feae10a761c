package io.reactivestore.engine;

/** Two steps of one name were live at once (rule E1). The run stopped; the trace stays open. */
public final class DuplicateStepException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** The name of both steps. */
    private final String name;

    DuplicateStepException(String traceId, String name) {
        super(
                traceId,
                "Two steps named '" + name + "' of trace '" + traceId
                        + "' are live at once, so a replay could not tell them apart. Give each its own name, such as '"
                        + name
                        + "-' and the id of its item, or run them one after another (concatMap); then resume the trace.",
                null);
        this.name = name;
    }

    /**
     * Gives the name.
     *
     * @return the name of both steps
     */
    public String name() {
        return name;
    }
}
